package dockerfile

import "slices"

// scope holds what a FROM may refer to: the ARGs before the first FROM, and what Docker predefines.
type scope struct {
	args     map[string]arg
	declared map[string]string // ARGs without a value: why there is none
}

// arg is the latest definition of a global ARG that has a value.
type arg struct {
	value Text
	raw   Span // of the default as written; empty for what Docker predefines
}

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
	s := &scope{args: make(map[string]arg, len(predefined)), declared: map[string]string{}}
	for _, p := range predefined {
		why := "depends on " + p[0] + ", which only a build knows"
		s.args[p[0]] = arg{value: Text{{Value: p[1], At: -1, Why: why}}}
	}
	return s
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
	a, ok := s.args[name]
	return a.value, ok
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
