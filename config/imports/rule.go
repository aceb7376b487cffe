package imports

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// scope is what one of Renovate's package rules holds for.
type scope struct {
	other  bool         // it has nothing to do with images
	kinds  []*yaml.Node // of files, by the managers that read them; nil: every kind
	names  []*yaml.Node // of images; nil: every image
	types  []*yaml.Node // kinds of update; nil: every one
	files  []*yaml.Node // nil: every file
	narrow []*yaml.Node // keys that bound it in a way that ours has no word for
}

// bare says that only kinds of files bound the rule.
func (s scope) bare() bool { return s.names == nil && s.types == nil && s.files == nil }

// general says that the rule speaks of images as such: who names Dockerfiles, with or without others, mostly means that. One for workflows
// alone, for instance, is about actions.
func (s scope) general() bool {
	return s.kinds == nil || slices.ContainsFunc(s.kinds, func(n *yaml.Node) bool { return n.Value == "dockerfile" })
}

func (s scope) whole() bool { return s.bare() && s.general() }

// scopeOf reads the matchers of a rule.
func scopeOf(rule *yaml.Node) scope {
	var s scope
	for key, value := range pairs(rule) {
		switch key.Value {
		case "matchDatasources":
			s.other = s.other || !slices.ContainsFunc(words(value), func(w string) bool { return w == "docker" || w == "*" })
		case "matchManagers":
			for _, item := range texts(value) {
				if _, known := managers[item.Value]; known {
					s.kinds = append(s.kinds, item)
				}
			}
			s.other = s.other || s.kinds == nil
		case "matchCategories":
			s.other = s.other || !slices.ContainsFunc(words(value), func(w string) bool { return w == "docker" || w == "kubernetes" || w == "helm" || w == "cd" })
		case "matchDepTypes":
			s.other = s.other || !slices.ContainsFunc(words(value), func(w string) bool { return w == "final" || w == "stage" || w == "syntax" || w == "image" })
		case "matchPackageNames", "matchDepNames", "packageNames":
			s.names = append(s.names, texts(value)...)
		case "matchPackagePrefixes", "matchDepPrefixes":
			s.names = append(s.names, rewritten(value, func(w string) string { return "/^" + w + "/" })...)
		case "matchPackagePatterns", "matchDepPatterns", "packagePatterns":
			s.names = append(s.names, rewritten(value, func(w string) string { return "/" + w + "/" })...)
		case "matchUpdateTypes", "updateTypes":
			s.types = append(s.types, texts(value)...)
		case "matchFileNames", "matchPaths", "paths":
			s.files = append(s.files, texts(value)...)
		default:
			if strings.HasPrefix(key.Value, "match") || strings.HasPrefix(key.Value, "exclude") {
				s.narrow = append(s.narrow, key)
			}
		}
	}
	if slices.ContainsFunc(s.names, func(n *yaml.Node) bool { return slices.Contains(patterns(n.Value), everything) }) {
		s.names = nil
	}
	return s
}

// rewritten returns copies of the scalars with other values.
func rewritten(value *yaml.Node, change func(string) string) []*yaml.Node {
	var list []*yaml.Node
	for _, item := range texts(value) {
		own := *item
		own.Value = change(item.Value)
		list = append(list, &own)
	}
	return list
}

func isMatcher(key string) bool {
	return strings.HasPrefix(key, "match") || strings.HasPrefix(key, "exclude") || slices.Contains([]string{"packageNames", "packagePatterns", "updateTypes", "paths"}, key)
}

// rule reads one of Renovate's package rules.
func (d *draft) rule(rule *yaml.Node) {
	s := scopeOf(rule)
	if s.other {
		return
	}
	for key, value := range pairs(rule) {
		switch {
		case isMatcher(key.Value) || slices.Contains(unrelated, key.Value):
		case len(s.narrow) > 0:
			d.note(key, key.Value+" with "+s.narrow[0].Value+": no equivalent; settings hold for every image")
		case key.Value == "enabled":
			d.switched(key, value, s)
		case key.Value == "extends":
			d.note(key, "extends in a rule: no equivalent; it is left out")
		case s.whole():
			d.setting(key, value)
		case key.Value == "pinDigests" && is(value, "false") && s.general() && s.names == nil && s.files == nil && only(s.types, "pin", "pinDigest"):
			d.set(keyPin, "false", value)
		case key.Value == "allowedVersions":
			d.note(key, key.Value+": no equivalent; "+because[key.Value])
		default:
			d.note(key, key.Value+" for some "+s.some()+" alone: no equivalent; settings hold for every image")
		}
	}
}

// some says what the rule is narrowed to.
func (s scope) some() string {
	switch {
	case s.names != nil:
		return "images"
	case !s.general():
		return "kinds of files"
	case s.types != nil:
		return "kinds of update"
	}
	return "files"
}

func only(nodes []*yaml.Node, allowed ...string) bool {
	return len(nodes) > 0 && !slices.ContainsFunc(nodes, func(n *yaml.Node) bool { return !slices.Contains(allowed, n.Value) })
}

// switched reads enabled: true or false of a rule.
func (d *draft) switched(key, value *yaml.Node, s scope) {
	off := is(value, "false")
	switch {
	case off && s.bare() && s.kinds != nil:
		d.withoutKinds(s.kinds)
	case off && s.bare():
		d.off = true
	case off && s.general() && s.types == nil && s.files == nil:
		for _, name := range s.names {
			d.ignoreAll(name, "switched off in "+d.file)
		}
	case off && s.general() && s.names == nil && s.types == nil:
		for _, file := range s.files {
			d.path(file, file.Value, true)
		}
	case off && s.general() && s.names == nil && s.files == nil:
		for _, kind := range s.types {
			d.levels[kind.Value] = kind
		}
	case !off && s.whole():
		d.off = false
	case !off && s.general() && s.names == nil && s.files == nil:
		for _, kind := range s.types {
			delete(d.levels, kind.Value)
		}
	case s.types != nil:
		d.note(key, "enabled: "+text(value)+" for some "+s.some()+" and kinds of update: no equivalent")
	default:
		d.note(key, "enabled: "+text(value)+" for some "+s.some()+" alone: no equivalent")
	}
}

// withoutKinds leaves the files out that some managers read.
func (d *draft) withoutKinds(kinds []*yaml.Node) {
	for _, kind := range kinds {
		for _, glob := range managers[kind.Value] {
			d.add(keyPaths, "!"+glob)
		}
		if managers[kind.Value] == nil {
			d.note(kind, kind.Value+" has no files of its own name; leave them out under paths")
		}
	}
}
