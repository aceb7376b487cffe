package imports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config"
)

// managers are Renovate's that read images, and which files they read, as far as they have files of their own.
var managers = map[string][]string{
	"dockerfile":     {"**/*[Dd]ockerfile*", "**/*[Cc]ontainerfile*"},
	"docker-compose": {"**/*compose*.y*ml"},
	"kubernetes":     nil, "kustomize": {"**/kustomization.y*ml"}, "helm-values": {"**/values*.y*ml"}, "helmv3": nil, "helmfile": nil, "argocd": nil, "flux": nil,
	"github-actions": {".github/**"}, "gitlabci": {"**/*.gitlab-ci.y*ml"}, "gitlabci-include": {"**/*.gitlab-ci.y*ml"}, "circleci": {".circleci/**"},
	"droneci": {"**/.drone.yml"}, "woodpecker": {"**/.woodpecker*", ".woodpecker/**"}, "bitbucket-pipelines": {"**/*bitbucket-pipelines.yml"},
	"azure-pipelines": {"**/*azure*pipelines*.y*ml"}, "cloudbuild": {"**/cloudbuild.y*ml"}, "devcontainer": {"**/.devcontainer/**", "**/.devcontainer.json"},
	"tekton": nil, "crossplane": nil, "terraform": {"**/*.tf"}, "ansible": {"**/tasks/**"}, "quadlet": {"**/*.container", "**/*.image", "**/*.volume"},
	"buildpacks": {"**/project.toml"}, "bazel-module": {"**/MODULE.bazel"}, "custom.regex": nil, "regex": nil,
}

// unrelated are settings that have no say over images, or none over what is proposed.
var unrelated = []string{
	"$schema", "description", "lockFileMaintenance", "postUpdateOptions", "rangeStrategy", "npm", "npmrc", "composer", "gomod", "poetry", "pip_requirements",
	"osvVulnerabilityAlerts", "vulnerabilityAlerts", "transitiveRemediation", "updateInternalDeps", "constraints", "skipInstalls", "ignoreScripts",
	"ignorePlugins", "updateLockFiles", "python", "java", "gradle", "maven", "nuget", "bundler", "cargo", "mix", "pub", "swift", "encrypted", "onboarding",
	"configMigration", "timezone", "separateMajorMinor", "separateMinorPatch", "separateMultipleMajor", "ignoreUnstable", "enabledManagers",
	"dependencyDashboardTitle", "dependencyDashboardLabels", "dependencyDashboardHeader", "dependencyDashboardFooter", "dependencyDashboardAutoclose",
}

// because says of settings without an equivalent what holds instead.
var because = map[string]string{
	"allowedVersions": "policy.update bounds how far a tag moves; `basebump: ignore` beside a line leaves it alone",
	"prHourlyLimit":   "pull_requests.limit bounds how many are open", "commitHourlyLimit": "pull_requests.limit bounds how many are open",
	"branchPrefix": "the operator sets pull_requests.branch_prefix", "hostRules": "credentials are the operator's to give, under registries in basebump.yaml",
	"registryAliases": "a mirror is the operator's to name, under registries in basebump.yaml", "baseBranches": "pull requests go to the default branch",
	"baseBranchPatterns": "pull requests go to the default branch",
	"versioning":         "how tags are ordered is learned from the registry's own list", "customManagers": "all common kinds of files are read as they are, others as patterns says",
	"regexManagers": "all common kinds of files are read as they are, others as patterns says", "dependencyDashboardApproval": "what may be proposed is proposed, up to pull_requests.limit",
	"internalChecksFilter": "an image that is too young is not proposed at all", "prCreation": "a pull request is opened at once",
	"automergeType": "pull requests alone are merged", "automergeSchedule": "a pull request is merged once every check is green",
}

// renovate reads a configuration of Renovate's.
func (d *draft) renovate(root *yaml.Node) {
	d.zone = text(get(root, "timezone"))
	if included := get(root, "includePaths"); included != nil {
		if managers := get(root, "enabledManagers"); managers != nil {
			d.note(managers, "enabledManagers: no equivalent beside includePaths; all kinds of files under these are read")
		}
	} else {
		d.enabled(get(root, "enabledManagers"))
		d.whole = d.whole || get(root, "enabledManagers") == nil
	}
	d.presets(get(root, "extends")) // what is said here goes before what is only referred to
	for key, value := range pairs(root) {
		switch key.Value {
		case "extends":
		case "enabled":
			d.off = d.off || is(value, "false")
		case "packageRules":
			for _, item := range list(value) {
				d.rule(item)
			}
		case "ignoreDeps":
			d.ignoreAll(value, "ignored in "+d.file)
		case "ignorePaths", "includePaths":
			for _, item := range texts(value) {
				d.path(item, item.Value, key.Value == "ignorePaths")
			}
		case "docker", "docker-compose", "dockerfile", "kubernetes", "kustomize", "helm-values":
			d.manager(key, value)
		case "major", "minor", "patch", "digest", "pin", "pinDigest":
			d.kind(key, value)
		default:
			d.setting(key, value)
		}
	}
	d.bound(d.levels, d.set)
	if d.off {
		d.note(root, "Renovate is told to leave images alone here; delete the file that is written, or keep it and let basebump look after them")
	}
}

// enabled turns a list of managers into the files that they read.
func (d *draft) enabled(value *yaml.Node) {
	if value == nil {
		return
	}
	d.off = !slices.ContainsFunc(words(value), func(name string) bool { _, known := managers[name]; return known })
	for _, item := range texts(value) {
		files, known := managers[item.Value]
		switch {
		case known && files != nil:
			d.add(keyPaths, files...)
		case known:
			d.note(item, "enabledManagers: "+item.Value+" has no files of its own name; name them under paths")
		}
	}
}

// manager reads settings that hold for one kind of files, or for images as a whole.
func (d *draft) manager(key, value *yaml.Node) {
	for name, inner := range pairs(value) {
		switch {
		case name.Value == "enabled" && is(inner, "true"):
		case name.Value == "enabled" && key.Value == "docker":
			d.off = true
		case name.Value == "enabled" && managers[key.Value] != nil:
			for _, glob := range managers[key.Value] {
				d.add(keyPaths, "!"+glob)
			}
		case key.Value == "docker" && slices.Contains([]string{"major", "minor", "patch", "digest", "pin", "pinDigest"}, name.Value):
			d.kind(name, inner)
		case key.Value == "docker":
			d.setting(name, inner)
		default:
			d.note(name, name.Value+" for "+key.Value+" alone: no equivalent; settings hold for every image")
		}
	}
}

// kind reads settings that hold for one kind of update.
func (d *draft) kind(key, value *yaml.Node) {
	for name, inner := range pairs(value) {
		if name.Value == "enabled" {
			if is(inner, "false") {
				d.levels[key.Value] = key
			}
			continue
		}
		d.note(name, name.Value+" for "+key.Value+" updates alone: no equivalent; settings hold for every update")
	}
}

// setting reads one that holds for every image.
func (d *draft) setting(key, value *yaml.Node) {
	switch key.Value {
	case "schedule":
		d.schedule(key, texts(value))
	case "labels", "addLabels":
		d.add(keyLabels, words(value)...)
		if d.lists[keyLabels] == nil {
			d.lists[keyLabels] = []string{}
		}
	case "reviewers", "additionalReviewers":
		d.reviewers(value)
	case "prConcurrentLimit":
		d.concurrent(key, value)
	case "branchConcurrentLimit":
		if _, given := d.single[keyLimit]; !given {
			d.concurrent(key, value)
		}
	case "assignees":
		for _, item := range texts(value) {
			d.add(keyAssignees, strings.TrimPrefix(item.Value, "@"))
		}
	case "draftPR":
		d.truth(keyDraft, value)
	case "rebaseWhen", "semanticCommits", "automergeStrategy":
		d.word(key, value)
	case "automerge":
		d.automerge(key, value)
	case "pinDigests":
		d.truth(keyPin, value)
	case "dependencyDashboard":
		d.truth(keyDashboard, value)
	case "minimumReleaseAge", "stabilityDays":
		d.age(key, value)
	case "groupName":
		d.set(keyGroup, "repository", value)
	default:
		if !slices.Contains(unrelated, key.Value) {
			d.note(key, key.Value+": no equivalent; "+cmp.Or(because[key.Value], "it is left out"))
		}
	}
}

// meanings are the words of Renovate's settings in ours.
var meanings = map[string]struct {
	key   string
	words map[string]string
}{
	"rebaseWhen":        {keyRebase, map[string]string{"behind-base-branch": "behind", "conflicted": "needed", "auto": "needed"}},
	"semanticCommits":   {keyPrefix, map[string]string{"enabled": "conventional", "disabled": "plain", "auto": "auto", "true": "conventional", "false": "plain"}},
	"automergeStrategy": {keyMerge, map[string]string{"merge-commit": "merge", "squash": "squash", "rebase": "rebase", "auto": "auto"}},
}

func (d *draft) word(key, value *yaml.Node) {
	meaning := meanings[key.Value]
	if ours, known := meaning.words[text(value)]; known {
		d.set(meaning.key, ours, value)
		return
	}
	d.note(key, key.Value+": "+quoted(text(value))+": no equivalent; the operator's "+meaning.key+" holds")
}

func (d *draft) schedule(key *yaml.Node, windows []*yaml.Node) {
	var first string
	for i, item := range windows {
		if item.Value == "at any time" {
			return
		}
		cron, ok := cronOf(item.Value, d.zone)
		switch {
		case !ok:
			d.note(item, "schedule: "+quoted(item.Value)+" has no equivalent; the operator's schedule holds")
		case first == "":
			first = cron
			d.set(keySchedule, cron, item)
		case cron != first:
			d.note(windows[i], "schedule: "+quoted(item.Value)+" is left out; there is one schedule, and "+first+" was given first")
		}
	}
	if len(windows) == 0 {
		d.note(key, "schedule: nothing in it that we know")
	}
}

func (d *draft) reviewers(value *yaml.Node) {
	for _, item := range texts(value) {
		name, isTeam := strings.CutPrefix(strings.TrimPrefix(item.Value, "@"), "team:")
		if isTeam && !strings.Contains(name, "/") {
			d.note(item, "reviewers: write team "+name+" as ORG/"+name)
			continue
		}
		d.add(keyReviewers, name)
	}
}

func (d *draft) concurrent(key, value *yaml.Node) {
	if is(value, "0") {
		d.note(key, key.Value+": 0 stands for no limit; the operator's holds")
		return
	}
	delete(d.single, keyLimit)
	d.limit(key, value)
}

func (d *draft) automerge(key, value *yaml.Node) {
	d.truth(keyAutomerge, value)
	if is(value, "true") {
		d.note(key, "automerge: true holds only where the operator allows it, by pull_requests.automerge in basebump.yaml")
	}
}

func (d *draft) truth(key string, value *yaml.Node) {
	if is(value, "true") || is(value, "false") {
		d.set(key, value.Value, value)
	}
}

// age reads "3 days" or a number of days.
func (d *draft) age(key, value *yaml.Node) {
	count, unit, _ := strings.Cut(strings.TrimSpace(text(value)), " ")
	if key.Value == "stabilityDays" {
		unit = "days"
	}
	number, err := strconv.ParseUint(count, 10, 16)
	units := map[string]string{"day": "d", "hour": "h", "minute": "m"}
	suffix := units[strings.TrimSuffix(strings.ToLower(unit), "s")]
	if strings.TrimSuffix(unit, "s") == "week" {
		number, suffix = number*7, "d"
	}
	age := strconv.FormatUint(number, 10) + suffix
	if suffix == "" || err != nil || new(config.Duration).UnmarshalText([]byte(age)) != nil {
		d.note(key, key.Value+": "+quoted(text(value))+" is no time that we know; write policy.min_age as 72h or 3d")
		return
	}
	d.set(keyMinAge, age, value)
}

func (d *draft) ignoreAll(value *yaml.Node, why string) {
	for _, item := range texts(value) {
		images := patterns(item.Value)
		for _, image := range images {
			d.ignore(image, why)
		}
		if images != nil {
			continue
		}
		d.note(item, "ignore: "+quoted(item.Value)+" is no name of an image that we can match")
	}
}

// quoted shows a text of the file, shortened.
func quoted(value string) string {
	const most = 60
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return strconv.Quote(value)
}
