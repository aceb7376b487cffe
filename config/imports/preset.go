package imports

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var presetCall = regexp.MustCompile(`^([^()\s]+)\(([^()]*)\)$`)

// quiet are presets that say nothing about images which ours would not do anyhow, or nothing about images at all.
var quiet = map[string]bool{
	"config:recommended": true, "config:base": true, "config:js-app": true, "config:js-lib": true, "config:semverAllMonthly": true, "group:monorepos": true,
	"group:recommended": true, "replacements:all": true, "workarounds:all": true, "helpers:pinGitHubActionDigests": true, ":preserveSemverRanges": true,
	":semanticPrefixFixDepsChoreOthers": true, ":ignoreModulesAndTests": true, ":separateMajorReleases": true, "docker:enableMajor": true,
	"abandonments:recommended": true, "security:openssf-scorecard": true, ":configMigration": true, ":dependencyDashboard": true, "mergeConfidence:all-badges": true,
	":disableRateLimiting": true, ":prHourlyLimitNone": true, ":maintainLockFilesWeekly": true,
}

// schedules are Renovate's presets for when.
var schedules = map[string][]string{
	"schedule:daily": {"before 4am"}, "schedule:earlyMondays": {"before 4am on monday"}, "schedule:weekly": {"before 4am on monday"},
	"schedule:monthly": {"before 4am on the first day of the month"}, "schedule:weekdays": {"every weekday"}, "schedule:weekends": {"every weekend"},
	"schedule:quarterly":      {"every 3 months on the first day of the month"},
	"schedule:nonOfficeHours": {"after 10pm every weekday", "before 5am every weekday", "every weekend"},
}

// presets reads what the configuration extends. Those of others lie elsewhere and are not fetched.
func (d *draft) presets(value *yaml.Node) {
	for _, item := range texts(value) {
		name, argument := item.Value, ""
		if call := presetCall.FindStringSubmatch(name); call != nil {
			name, argument = call[1], call[2]
		}
		d.preset(item, strings.TrimPrefix(name, "default:"), argument)
	}
}

func (d *draft) preset(item *yaml.Node, name, argument string) {
	if !strings.HasPrefix(name, ":") && !strings.Contains(name, ":") {
		name = ":" + name
	}
	if name == ":dependencyDashboard" {
		d.set(keyDashboard, "true", item)
	}
	switch {
	case quiet[name]:
	case schedules[name] != nil:
		for _, window := range schedules[name] {
			own := *item
			own.Value = window
			d.schedule(item, append([]*yaml.Node{}, &own))
		}
	case name == "config:best-practices" || name == "docker:pinDigests" || name == ":pinDigest":
		d.set(keyPin, "true", item)
	case name == ":pinDigestsDisabled":
		d.set(keyPin, "false", item)
	case name == "docker:disable":
		d.off = true
	case name == "docker:disableMajor":
		d.levels["major"] = item
	case name == ":disableDigestUpdates":
		d.levels["digest"] = item
	case name == ":disableDependencyDashboard":
		d.set(keyDashboard, "false", item)
	case name == ":timezone" && argument != "":
		d.zone = argument
	case name == ":label" && argument != "" || name == ":labels" && argument != "":
		for label := range strings.SplitSeq(argument, ",") {
			d.add(keyLabels, strings.TrimSpace(label))
		}
	case name == ":reviewer" && argument != "":
		d.add(keyReviewers, strings.TrimSpace(argument))
	case name == ":assignee" && argument != "":
		d.add(keyAssignees, strings.TrimSpace(argument))
	case name == ":semanticCommits":
		d.set(keyPrefix, "conventional", item)
	case name == ":semanticCommitsDisabled":
		d.set(keyPrefix, "plain", item)
	case name == ":rebaseStalePrs":
		d.set(keyRebase, "behind", item)
	case name == ":automergeAll":
		d.set(keyAutomerge, "true", item)
		d.note(item, "automerge: true holds only where the operator allows it, by pull_requests.automerge in basebump.yaml")
	case name == ":automergeDisabled":
		d.set(keyAutomerge, "false", item)
	case name == ":prConcurrentLimit10":
		d.set(keyLimit, "10", item)
	case name == ":prConcurrentLimit20":
		d.set(keyLimit, "20", item)
	case name == "group:all":
		d.set(keyGroup, "repository", item)
	default:
		d.note(item, "extends: "+quoted(item.Value)+" is not read; say here what it says about images")
	}
}
