package dockerfile

import (
	"maps"
	"slices"
)

// scope holds what a FROM may refer to: the ARGs before the first FROM, and what Docker predefines.
type scope struct {
	args     map[string]Text   // values, the latest of a name
	declared map[string]string // ARGs without a value: why there is none
	latest   map[string]int    // of a name, in defaults
	defaults []argDefault      // all that was defined, in order
	read     map[int]bool      // defaults that expansions looked at since the last call of reads
}

// argDefault is one "name=value" of a global ARG.
type argDefault struct {
	name  string
	raw   Span         // of the default as written
	reads map[int]bool // the defaults that it is made with, at any remove
	use   *use         // what it comes into; nil when nothing yet
}

// maxArg is how long a default may become by expansion. No image is longer; a few nested ARGs could fill any memory.
const (
	maxArg  = 1 << 10 // bytes
	maxRuns = 1 << 7  // places that it is put together from
)

// maxDefaults is how many ARGs a file may have for us to follow what each of them comes into.
const maxDefaults = 1 << 8

// predefined are the arguments that a build sets by itself, with the values that they have on the commonest machine. No
// extracted value may depend on them: the values only let BuildKit's lexer do its work.
var predefined = [][2]string{
	{"BUILDPLATFORM", "linux/amd64"},
	{"BUILDOS", "linux"},
	{"BUILDOSVERSION", ""},
	{"BUILDARCH", "amd64"},
	{"BUILDVARIANT", ""},
	{"TARGETPLATFORM", "linux/amd64"},
	{"TARGETOS", "linux"},
	{"TARGETOSVERSION", ""},
	{"TARGETARCH", "amd64"},
	{"TARGETVARIANT", ""},
	{"TARGETSTAGE", "default"},
}

func newScope() *scope {
	s := &scope{
		args: make(map[string]Text, len(predefined)), declared: map[string]string{}, latest: map[string]int{}, read: map[int]bool{},
	}
	for _, p := range predefined {
		why := "depends on " + p[0] + ", which only a build knows"
		s.args[p[0]] = Text{{Value: p[1], At: -1, Why: why}}
	}
	return s
}

// define notes an ARG with its default, as written and expanded.
func (s *scope) define(name string, raw, value Text, err error) {
	switch {
	case err != nil:
		value = Text{{At: -1, Why: "needs ARG " + name + ", whose default is unusable: " + err.Error()}}
	case len(value) > maxRuns || len(value.String()) > maxArg:
		value = Text{{At: -1, Why: "needs ARG " + name + ", which is too long for an image"}}
	}
	span, _ := raw.Span()
	reads := s.reads()
	s.args[name] = value
	s.latest[name] = len(s.defaults)
	s.defaults = append(s.defaults, argDefault{name: name, raw: span, reads: reads})
}

// reads returns the defaults that were looked at since the last call, at any remove.
func (s *scope) reads() map[int]bool {
	out := s.read
	s.read = map[int]bool{}
	return out
}

// declare notes an ARG without a default. It does not undo an earlier default, nor what Docker predefines.
func (s *scope) declare(name string) {
	s.declared[name] = "ARG " + name + " has no default; give it one (ARG " + name + "=…)"
}

// shadow notes an ARG that stands in a stage, where no FROM sees it.
func (s *scope) shadow(name string) {
	if _, ok := s.declared[name]; !ok {
		s.declared[name] = "ARG " + name + " stands inside a stage; FROM sees only what stands before the first FROM"
	}
}

func (s *scope) lookup(name string) (Text, bool) {
	if i, ok := s.latest[name]; ok && len(s.defaults) <= maxDefaults {
		s.read[i] = true
		maps.Copy(s.read, s.defaults[i].reads)
	}
	value, ok := s.args[name]
	return value, ok
}

// value is what the plain use of a variable comes to.
func (s *scope) value(name string) Text {
	if value, ok := s.lookup(name); ok {
		return slices.Clone(value)
	}
	why, ok := s.declared[name]
	if !ok {
		why = "uses " + name + ", which no ARG before the first FROM defines"
	}
	return Text{{At: -1, Why: why}}
}

// Get and Keys make the scope BuildKit's environment.
func (s *scope) Get(name string) (string, bool) {
	value, ok := s.lookup(name)
	return value.String(), ok
}

func (s *scope) Keys() []string { return nil }
