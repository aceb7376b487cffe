package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/imports"
	"github.com/basebump/basebump/dockerfile/manifest"
	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

// policyOf turns the configured policy into what the planner asks. The configuration is valid: its severities parse.
func policyOf(c config.Policy) bot.Policy {
	return bot.Policy{
		Agreement:    scan.Agreement(c.Agreement),
		Pin:          c.Pin,
		Update:       level(c.Update),
		Distribution: distribution(c),
		Policy: scan.Policy{
			When:            scan.When(c.When),
			MinAge:          time.Duration(c.MinAge),
			Urgent:          severity(c.Urgent),
			UrgentEPSS:      float64(c.UrgentEPSS),
			BlockIntroduced: severity(c.BlockIntroduced),
			MaxSeverity:     ceiling(c.MaxSeverity),
			MaxGrowth:       scan.Growth{Percent: c.MaxGrowth.Percent, Bytes: int64(c.MaxGrowth.Bytes)},
			EndOfLife:       scan.EndOfLife(c.EndOfLife),
			Ignored:         ignored(c.Ignore),
		},
		Left: left(c.Ignore),
	}
}

func level(name config.Update) tag.Level {
	parsed, _ := tag.ParseLevel(string(name)) // checked when the configuration was loaded
	return parsed
}

// distribution keeps a tag on the release of its distribution; who allows major updates leaves one that is no longer kept.
func distribution(c config.Policy) tag.Distribution {
	switch {
	case c.Distribution == config.DistributionFollow:
		return tag.Follow
	case c.Update == config.UpdateMajor:
		return tag.EndOfLife
	}
	return tag.Stay
}

func severity(name config.Severity) scan.Severity {
	parsed, _ := scan.ParseSeverity(string(name)) // checked when the configuration was loaded
	return parsed
}

// ceiling is nil where none was given.
func ceiling(name config.Severity) *scan.Severity {
	if name == "" {
		return nil
	}
	parsed := severity(name)
	return &parsed
}

func ignored(list []config.Ignore) scan.Exempt {
	return func(image, id string, now time.Time) (string, bool) {
		for _, ignore := range list {
			if ignore.ID == id && ignore.Until.Covers(now) && (ignore.Image == "" || ignore.Image.Match(image)) {
				return why(ignore), true
			}
		}
		return "", false
	}
}

// why says for how long something is ignored, and the reason that was given.
func why(ignore config.Ignore) string {
	text := "ignored"
	if !ignore.Until.IsZero() {
		text += " until " + ignore.Until.String()
	}
	return text + ": " + cmp.Or(ignore.Reason, "no reason given")
}

func left(list []config.Ignore) func(image string, now time.Time) (string, bool) {
	return func(image string, now time.Time) (string, bool) {
		for _, ignore := range list {
			if ignore.ID == "" && ignore.Image.Match(image) && ignore.Until.Covers(now) {
				return "ignored by the configuration: " + cmp.Or(ignore.Reason, "no reason given"), true
			}
		}
		return "", false
	}
}

// customize applies a repository's own configuration to the operator's.
func (t *tools) customize(data []byte) (bot.Custom, error) {
	own, err := config.ParseRepository(config.RepositoryFile, data)
	if err != nil {
		return bot.Custom{}, misfits(err)
	}
	pulls := own.NarrowPullRequests(t.config.PullRequests)
	custom := bot.Custom{
		Policy: policyOf(own.Narrow(t.config.Policy)), PullRequests: pullRequests(pulls), Updaters: others(), Coexist: pulls.Coexist, Dashboard: pulls.Dashboard,
	}
	custom.Kinds = kinds(append(slices.Clip(t.config.Patterns), own.Patterns...))
	if !own.Schedule.IsZero() {
		custom.Schedule = own.Schedule
	}
	if len(own.Paths) > 0 {
		custom.Reads = own.Paths.Match
	}
	custom.Policy.Worthless = ignored(own.Ignore)
	custom.Policy.Signatures, custom.Policy.VEX = t.signed.asked, t.policy.VEX
	operator := custom.Policy.Left
	custom.Policy.Left = func(image string, now time.Time) (string, bool) {
		if reason, ok := operator(image, now); ok {
			return reason, ok
		}
		return left(own.Ignore)(image, now)
	}
	return custom, nil
}

// kinds are the kinds of files that are read, with those that the configuration describes.
func kinds(list []config.ImagePattern) manifest.Set {
	patterns := make([]manifest.Pattern, len(list))
	for i, p := range list {
		patterns[i] = manifest.Pattern{Files: p.Files.Match, Find: p.Find.Regexp}
	}
	return manifest.With(patterns...)
}

func pullRequests(c config.PullRequests) bot.PullRequests {
	p := bot.PullRequests{
		BranchPrefix: c.BranchPrefix, Limit: c.Limit, LimitTotal: c.LimitTotal, ByRepository: c.Group == config.GroupRepository,
		Labels: c.Labels, Assignees: c.Assignees, Reviewers: c.Reviewers, Draft: c.Draft,
		Behind: c.Rebase == config.RebaseBehind, Style: style(c.CommitPrefix), SignOff: c.SignOff, Automerge: c.Automerge,
	}
	if c.MergeMethod != config.MergeAuto {
		p.MergeMethod = string(c.MergeMethod)
	}
	return p
}

// style is how titles begin; a text of the operator's own gets the space that YAML easily loses.
func style(prefix string) string {
	switch prefix {
	case config.PrefixAuto:
		return ""
	case config.PrefixConventional:
		return bot.StyleConventional
	case config.PrefixPlain:
		return bot.StylePlain
	}
	return strings.TrimRight(prefix, " ") + " "
}

// misfits says in bot's words what is wrong with a repository's configuration.
func misfits(err error) error {
	invalid, ok := errors.AsType[*config.Invalid](err)
	if !ok {
		return err
	}
	found := &bot.BrokenCustom{Err: err}
	for _, p := range invalid.Problems {
		found.Misfits = append(found.Misfits, bot.Misfit{Line: p.Line, Column: p.Column, Message: p.Message})
	}
	return found
}

// others recognises Renovate and Dependabot. A package.json is not looked into: nearly every repository has one, and hardly any of them
// configures Renovate.
func others() bot.Updaters {
	return bot.Updaters{
		Files: slices.DeleteFunc(imports.Files(), func(name string) bool { return name == "package.json" }),
		Covers: func(path string, data []byte) (name string, line int, ok bool) {
			return imports.Covers(imports.Source{Path: path, Data: data})
		},
	}
}
