package imports

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// dependabot reads dependabot.yml; false when nothing in it is about images.
func (d *draft) dependabot(root *yaml.Node) bool {
	updates := imageUpdates(root)
	if len(updates) > 0 {
		for key := range pairs(root) {
			if key.Value == "registries" {
				d.note(key, "registries: credentials are the operator's to give, under registries in basebump.yaml")
			}
		}
	}
	for _, update := range updates {
		d.folders(update)
		for key, value := range pairs(update) {
			d.dependabotKey(key, value)
		}
	}
	return len(updates) > 0
}

var dependabotSilent = map[string]bool{ // said elsewhere, or without effect on images
	"package-ecosystem": true, "directory": true, "directories": true, "exclude-paths": true, "vendor": true,
	"insecure-external-code-execution": true, "versioning-strategy": true,
}

var dependabotWhy = map[string]string{
	"target-branch":            "pull requests go to the default branch",
	"rebase-strategy":          "a pull request is rebuilt when it is behind; `/basebump hold` keeps one as it is",
	"pull-request-branch-name": "the operator sets pull_requests.branch_prefix",
	"registries":               "credentials are the operator's to give, under registries in basebump.yaml",
	"milestone":                "none is set",
	"multi-ecosystem-group":    "there is no pull request shared with others",
	"enable-beta-ecosystems":   "all kinds of files are read",
}

func (d *draft) dependabotKey(key, value *yaml.Node) {
	switch key.Value {
	case "schedule":
		d.interval(key, value)
	case "labels":
		d.add(keyLabels, words(value)...)
		if d.lists[keyLabels] == nil {
			d.lists[keyLabels] = []string{}
		}
	case "reviewers":
		d.add(keyReviewers, words(value)...)
	case "assignees":
		d.add(keyAssignees, words(value)...)
	case "commit-message":
		d.commitMessage(value)
	case "open-pull-requests-limit":
		d.limit(key, value)
	case "ignore":
		d.dependabotIgnore(value)
	case "allow":
		d.allow(value)
	case "groups":
		d.groups(key, value)
	case "cooldown":
		d.cooldown(value)
	default:
		if !dependabotSilent[key.Value] {
			d.note(key, key.Value+": no equivalent; "+cmp.Or(dependabotWhy[key.Value], "it is left out"))
		}
	}
}

// folders turns the folder of an entry, into which Dependabot looks without going deeper, into paths. The root stands for the whole.
func (d *draft) folders(update *yaml.Node) {
	for _, key := range []string{"directory", "directories"} {
		for _, item := range texts(get(update, key)) {
			folder := strings.Trim(item.Value, "/")
			switch {
			case folder == "" || folder == "**" || folder == "**/*":
				d.whole = true
				if folder == "" {
					d.note(item, `the whole repository is looked at, not the files at its root alone; add paths: ["*"] to keep to those`)
				}
			case strings.HasSuffix(folder, "**"):
				d.path(item, folder, false)
			default:
				d.path(item, folder+"/*", false)
			}
		}
	}
	for _, item := range texts(get(update, "exclude-paths")) {
		d.path(item, strings.TrimPrefix(item.Value, "/"), true)
	}
}

func (d *draft) limit(key, value *yaml.Node) {
	switch limit, err := strconv.Atoi(value.Value); {
	case err == nil && limit == 0 && key.Value == "open-pull-requests-limit":
		d.note(key, key.Value+": 0 keeps Dependabot from opening any; take the repository out of the operator's watch to say the same")
	case err != nil || limit < 1 || limit > 1000:
		d.note(key, key.Value+": "+value.Value+" is no limit that we know; the operator's holds")
	default:
		d.settle(keyLimit, value.Value, value)
	}
}

// dependabotIgnore reads what is to be left alone: images for good, or kinds of update of all images.
func (d *draft) dependabotIgnore(value *yaml.Node) {
	off := levels{}
	for _, entry := range list(value) {
		name, types := get(entry, "dependency-name"), get(entry, "update-types")
		if name == nil {
			continue
		}
		images := patterns(name.Value)
		switch {
		case get(entry, "versions") != nil:
			d.note(name, "ignore: versions of "+name.Value+": no equivalent; policy.update bounds how far every tag moves")
		case images == nil:
			d.note(name, "ignore: "+quoted(name.Value)+" is no name of an image that we can match")
		case types == nil:
			for _, image := range images {
				d.ignore(image, "ignored in "+d.file)
			}
		case images[0] == everything:
			for _, item := range texts(types) {
				off[strings.TrimPrefix(item.Value, "version-update:semver-")] = item
			}
		default:
			d.note(name, "ignore: update-types of "+name.Value+" alone: no equivalent; policy.update holds for every image")
		}
	}
	d.bound(off, d.settle)
}

// maxPrefix bounds the prefix of a commit message, in bytes, the blank behind it left out.
const maxPrefix = 40

// wordEnd is what Dependabot puts a colon behind.
var wordEnd = regexp.MustCompile(`[\p{L}\p{N})\]]$`)

// commitMessage reads what Dependabot puts in front: it adds the colon where a word ends the prefix.
func (d *draft) commitMessage(value *yaml.Node) {
	for key, inner := range pairs(value) {
		switch key.Value {
		case "prefix":
			prefix := strings.TrimSpace(inner.Value)
			if is(get(value, "include"), "scope") {
				prefix = strings.TrimSuffix(prefix, ":") + "(deps)"
			}
			if wordEnd.MatchString(prefix) {
				prefix += ":"
			}
			if prefix == "" || len(prefix) > maxPrefix || strings.ContainsFunc(prefix, func(r rune) bool { return !unicode.IsPrint(r) }) {
				d.note(key, "commit-message: "+quoted(inner.Value)+" is no prefix that we take")
				continue
			}
			d.settle(keyPrefix, prefix+" ", inner)
		case "include":
		default:
			d.note(key, "commit-message: "+key.Value+": no equivalent; there is one prefix for all")
		}
	}
}

func (d *draft) allow(value *yaml.Node) {
	for _, entry := range list(value) {
		if name := get(entry, "dependency-name"); name != nil && !is(name, "*") {
			d.note(name, "allow: "+name.Value+": no equivalent; every image is looked after but those under ignore")
		}
	}
}

func (d *draft) groups(key, value *yaml.Node) {
	for name, group := range pairs(value) {
		all := get(group, "patterns") == nil
		for _, item := range texts(get(group, "patterns")) {
			all = all || item.Value == "*"
		}
		if all && get(group, "exclude-patterns") == nil && get(group, "update-types") == nil {
			d.settle(keyGroup, "repository", name)
			continue
		}
		d.note(name, key.Value+": "+name.Value+" holds some images or kinds of update: no equivalent; pull_requests.group is image or repository")
	}
}

func (d *draft) cooldown(value *yaml.Node) {
	for key, days := range pairs(value) {
		count, err := strconv.ParseUint(days.Value, 10, 16)
		switch {
		case key.Value == "default-days" && err == nil:
			d.settle(keyMinAge, strconv.FormatUint(count, 10)+"d", days)
		case key.Value == "include" && len(texts(days)) == 1 && is(texts(days)[0], "*"):
		default:
			d.note(key, "cooldown: "+key.Value+": no equivalent; policy.min_age holds for every image and kind of update")
		}
	}
}

// list returns the items of a sequence.
func list(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Kind != yaml.SequenceNode {
		return nil
	}
	return node.Content
}
