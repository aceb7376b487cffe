package imports

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config"
)

// levels are the kinds of update that are switched off, and where.
type levels map[string]*yaml.Node

// bound turns them into policy.update, which allows everything up to a level; put is set or settle.
func (d *draft) bound(off levels, put func(key, value string, at *yaml.Node)) {
	var allowed string
	var last *yaml.Node
	for _, level := range []struct{ name, below string }{{"major", "minor"}, {"minor", "patch"}, {"patch", "digest"}} {
		at, is := off[level.name]
		if !is {
			break
		}
		allowed, last = level.below, at
		delete(off, level.name)
	}
	if last != nil {
		put(keyUpdate, allowed, last)
	}
	for _, name := range []string{"minor", "patch"} {
		if at, left := off[name]; left {
			d.note(at, name+" updates off while bigger ones stay on: no equivalent; policy.update allows everything up to a level")
		}
	}
	if at, is := off["digest"]; is {
		d.note(at, "digest updates off: no equivalent; a newer build of the same tag is what basebump is for")
	}
	for _, name := range []string{"pin", "pinDigest"} {
		if at, is := off[name]; is {
			d.set(keyPin, "false", at)
		}
	}
}

// path adds a glob of files.
func (d *draft) path(at *yaml.Node, glob string, exclude bool) {
	glob = strings.TrimPrefix(strings.TrimPrefix(glob, "./"), "/")
	if new(config.Pattern).UnmarshalText([]byte(glob)) != nil || strings.HasPrefix(glob, "!") {
		d.note(at, "paths: "+quoted(at.Value)+" is no pattern that we know; write it with *, ** and [a-z]")
		return
	}
	if exclude {
		glob = "!" + glob
	}
	d.add(keyPaths, glob)
}
