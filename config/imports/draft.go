package imports

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config"
)

// The keys of ours that a draft may hold, in the order in which they are written.
const (
	keySchedule  = "schedule"
	keyPaths     = "paths"
	keyIgnore    = "ignore"
	keyUpdate    = "policy.update"
	keyPin       = "policy.pin"
	keyMinAge    = "policy.min_age"
	keyLimit     = "pull_requests.limit"
	keyLabels    = "pull_requests.labels"
	keyReviewers = "pull_requests.reviewers"
	keyAssignees = "pull_requests.assignees"
	keyDraft     = "pull_requests.draft"
	keyGroup     = "pull_requests.group"
	keyRebase    = "pull_requests.rebase"
	keyPrefix    = "pull_requests.commit_prefix"
	keyMerge     = "pull_requests.merge_method"
	keyAutomerge = "pull_requests.automerge"
	keyDashboard = "pull_requests.dashboard"
)

var order = []string{
	keySchedule, keyPaths, keyIgnore, keyUpdate, keyPin, keyMinAge, keyLimit, keyLabels, keyReviewers, keyAssignees, keyDraft, keyGroup,
	keyRebase, keyPrefix, keyAutomerge, keyMerge, keyDashboard,
}

// draft is our configuration in the making.
type draft struct {
	file    string // that is being read
	single  map[string]setting
	lists   map[string][]string
	ignored map[string]string // image patterns → why
	notes   []config.Problem

	whole bool // the others look at the whole tree, whatever folders are named besides

	// What Renovate says once for all that follows.
	zone   string
	off    bool   // it does not look after images
	levels levels // kinds of update that are off
}

// setting is a value, and where it comes from.
type setting struct {
	value string
	file  string
	line  int
}

func newDraft() *draft {
	return &draft{single: map[string]setting{}, lists: map[string][]string{}, ignored: map[string]string{}, levels: levels{}}
}

// note lists something of the source that has no equivalent.
func (d *draft) note(at *yaml.Node, message string) {
	if len(d.notes) == maxNodes {
		return
	}
	message = strings.Map(func(r rune) rune { // keys are a stranger's words, and go to a terminal
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, message)
	d.notes = append(d.notes, config.Problem{File: d.file, Line: at.Line, Column: at.Column, Message: message})
}

// set gives a key its value; what comes later holds, as in Renovate.
func (d *draft) set(key, value string, at *yaml.Node) {
	d.single[key] = setting{value, d.file, at.Line}
}

// settle gives a key its value, unless another one was given before: ours has one for all that Dependabot sets by folder.
func (d *draft) settle(key, value string, at *yaml.Node) {
	before, given := d.single[key]
	switch {
	case !given:
		d.set(key, value, at)
	case before.value != value:
		d.note(at, key+": "+value+" is left out; there is one for the whole repository, and "+before.value+" was given first ("+before.file+":"+strconv.Itoa(before.line)+")")
	}
}

// maxList bounds each list, which is searched for every entry.
const maxList = 1000

// add appends to a list what is not in it.
func (d *draft) add(key string, values ...string) {
	for _, value := range values {
		if len(d.lists[key]) < maxList && !slices.Contains(d.lists[key], value) {
			d.lists[key] = append(d.lists[key], value)
		}
	}
}

// ignore leaves images alone.
func (d *draft) ignore(pattern, why string) {
	if _, known := d.ignored[pattern]; !known {
		d.add(keyIgnore, pattern)
		d.ignored[pattern] = why
	}
}

// render writes the configuration as a person would.
func (d *draft) render(from []string) ([]byte, error) {
	if d.whole {
		d.lists[keyPaths] = slices.DeleteFunc(d.lists[keyPaths], func(glob string) bool { return !strings.HasPrefix(glob, "!") })
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range order {
		value := d.node(key)
		if value == nil {
			continue
		}
		target := root
		section, name, nested := strings.Cut(key, ".")
		if nested {
			if target = get(root, section); target == nil {
				target = &yaml.Node{Kind: yaml.MappingNode}
				root.Content = append(root.Content, scalar(section, "!!str"), target)
			}
		} else {
			name = section
		}
		target.Content = append(target.Content, scalar(name, "!!str"), value)
	}
	var b bytes.Buffer
	b.WriteString("# Made by `basebump config import` from " + strings.Join(from, " and ") + ".\n")
	if len(root.Content) == 0 {
		b.WriteString("# Nothing in it differs from what the operator of basebump has set.\n")
		return b.Bytes(), nil
	}
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}

// node is the value of a key, nil when it has none.
func (d *draft) node(key string) *yaml.Node {
	if s, given := d.single[key]; given {
		switch {
		case s.value == "true" || s.value == "false":
			return scalar(s.value, "!!bool")
		case key == keyLimit:
			return scalar(s.value, "!!int")
		}
		return scalar(s.value, "!!str")
	}
	if d.lists[key] == nil || key == keyPaths && len(d.lists[key]) == 0 {
		return nil
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	if key != keyIgnore {
		list.Style = yaml.FlowStyle
	}
	for _, item := range d.lists[key] {
		if key != keyIgnore {
			list.Content = append(list.Content, scalar(item, "!!str"))
			continue
		}
		entry := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		entry.Content = []*yaml.Node{scalar("image", "!!str"), scalar(item, "!!str"), scalar("reason", "!!str"), scalar(d.ignored[item], "!!str")}
		list.Content = append(list.Content, entry)
	}
	return list
}

func scalar(value, tag string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
	if tag == "!!str" {
		node.SetString(value)
	}
	return node
}
