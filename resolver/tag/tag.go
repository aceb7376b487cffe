// Package tag reads and orders image tags. A tag is a sequence of fixed text and of parts that rise: a main version, further versions,
// a distribution, dates and build numbers. Only tags of the same form are compared, so that everything a tag says about its variant
// stays as it is. What was released when, and for how long it is kept, comes from a data file.
//
// The package is pure: it does no I/O and reads no clock.
package tag

type kind uint8

const (
	literal kind = iota // fixed text at the end
	version             // the tag's own version, or a second one: 16-3.4
	named               // a number that belongs to a word and names a variant: cudnn8, php8.2, temurin-17
	distro              // a distribution's number or codename: alpine3.20, bookworm
	build               // a counter of rebuilds: -r5, _12, -1
	date                // a day, or a time
	hash                // of a commit; says nothing about order
)

// part is a piece of a tag together with the fixed text before it.
type part struct {
	kind kind
	lead string // separators, words, "v"
	text string // "1.2.3", "bookworm", "20240101"
	pre  string // a version's prerelease: "rc.1"
	name string // what a distro or a named number counts: "debian", "jdk"
}

// maxParts bounds a tag; one with more is kept whole, as fixed text.
const maxParts = 12

// parsed is a tag's parts. It refers to the tag's bytes and is reused, so that reading a million tags allocates nothing.
type parsed struct {
	raw   string
	parts [maxParts]part
	n     int
	main  int // index of the part that the tag's level of change is judged by; -1: none
}

func (t *parsed) all() []part { return t.parts[:t.n] }

// ordered says whether the tag has a part that can rise.
func (t *parsed) ordered() bool {
	for i := range t.all() {
		switch t.parts[i].kind {
		case version, distro, build, date:
			return true
		case named:
			if i == t.main {
				return true
			}
		case literal, hash:
		}
	}
	return false
}

func (t *parsed) prerelease() bool {
	for _, p := range t.all() {
		if p.pre != "" {
			return true
		}
	}
	return false
}

// Orders says whether a list of tags can hold anything newer than this one: not for latest, stable, a commit.
func Orders(tag string) bool {
	var t parsed
	t.read(tag, Builtin())
	return t.ordered()
}

func (t *parsed) add(p part) {
	if t.n < maxParts {
		t.parts[t.n] = p
	}
	t.n++
}

// has says whether a part that rises was read before: a bare number after one counts builds.
func (t *parsed) has() bool {
	for _, p := range t.parts[:min(t.n, maxParts)] {
		if p.kind != literal && p.kind != named {
			return true
		}
	}
	return false
}

// finish closes the tag with its trailing text and finds its main part.
func (t *parsed) finish(rest string) {
	if rest != "" {
		t.add(part{kind: literal, lead: rest})
	}
	if t.n > maxParts {
		t.parts[0], t.n = part{kind: literal, lead: t.raw}, 1
	}
	t.main = -1
	for _, k := range []kind{version, named, distro} {
		for i := range t.all() {
			if t.parts[i].kind == k {
				t.main = i
				return
			}
		}
	}
}
