package dockerfile

import "strings"

// use is what an ARG's default comes into: one image, with a digest that would go to one place. Two different uses, or one that
// is no image, make it a place where no digest may go: it would reach something else.
type use struct {
	image string
	pin   int
}

// use notes what defaults come into.
func (s *scope) use(defaults map[int]bool, what use) {
	for i := range defaults {
		switch from := &s.defaults[i]; {
		case from.use == nil:
			from.use = &what
		case *from.use != what:
			from.use = &use{}
		}
	}
}

// ends counts the places of a value that end at an offset of the file.
func ends(value Text, at int) (n int) {
	for _, run := range value {
		if run.At >= 0 && run.At+len(run.Value) == at {
			n++
		}
	}
	return n
}

// settlePins moves the digest of an image that ends in an ARG's default out of the default, to the end of the FROM operand,
// unless all that the ARG comes into is this one image.
func (w *walk) settlePins() {
	for i, from := range w.scope.defaults {
		if w.reused[from.name] {
			w.scope.use(from.reads, use{})
			w.scope.use(map[int]bool{i: true}, use{})
		}
	}
	for i := range w.out.References {
		ref := &w.out.References[i]
		if ref.Pin == nil {
			continue
		}
		within := ref.Start <= ref.Pin.At && ref.Pin.At <= ref.End
		if w.openEnd(*ref, within) || !within && !w.scope.exclusive(ref.Pin.At) {
			ref.Pin.At = w.operandEnd(ref.Span)
		}
	}
}

// openEnd reports whether the operand ends in a variable that is empty now: a build may set it, behind the digest.
func (w *walk) openEnd(ref Reference, within bool) bool {
	rest := ref.Raw
	if within {
		rest = ref.Raw[ref.Pin.At-ref.Start:]
	}
	last := strings.LastIndexByte(rest, '$')
	if last < 0 {
		return false
	}
	value, err := expand(Text{{Value: strings.TrimRight(rest[last:], `"'`)}}, w.escape, w.scope)
	return err == nil && value.String() == ""
}

// exclusive reports whether the default that ends at an offset, or around it, comes into one image alone.
func (s *scope) exclusive(at int) bool {
	if len(s.defaults) > maxDefaults {
		return false
	}
	for _, from := range s.defaults {
		if from.raw.Start < at && at <= from.raw.End && (from.use == nil || from.use.pin != at) {
			return false
		}
	}
	return true
}

// operandEnd is the end of an operand as written, within its quotes.
func (w *walk) operandEnd(span Span) int {
	raw := string(w.file.Data[span.Start:span.End])
	if n := len(raw) - 1; n > 0 && (raw[0] == '"' || raw[0] == '\'') && strings.IndexByte(raw[1:], raw[0]) == n-1 {
		return span.End - 1
	}
	return span.End
}
