package dockerfile

import (
	"slices"
	"strings"
)

// Text is a value that remembers, run by run, which bytes of the file spell it.
type Text []Run

// Run is a part of a Text. A Run of At >= 0 is the file's bytes from At on; a Run of At < 0 is not in the file as such:
// either glue between two places (Why is empty), or a value that cannot be followed to one (Why says why, for a person).
type Run struct {
	Value string
	At    int
	Why   string
}

// String is the value without its origin.
func (t Text) String() string {
	if len(t) == 1 {
		return t[0].Value
	}
	var b strings.Builder
	for _, run := range t {
		b.WriteString(run.Value)
	}
	return b.String()
}

// Slice returns the bytes i to j of the value, with their origin.
func (t Text) Slice(i, j int) Text {
	var out Text
	for _, run := range t {
		n := len(run.Value)
		if from, to := max(i, 0), min(j, n); from < to {
			part := Run{Value: run.Value[from:to], At: run.At, Why: run.Why}
			if part.At >= 0 {
				part.At += from
			}
			out = append(out, part)
		}
		i, j = i-n, j-n
	}
	return out
}

// Append adds more to t, joining runs that touch each other in the file; t must not be used afterwards.
func (t Text) Append(more ...Run) Text {
	for _, run := range more {
		if n := len(t) - 1; n >= 0 && run.At >= 0 && t[n].At >= 0 && t[n].At+len(t[n].Value) == run.At {
			t[n].Value += run.Value
			continue
		}
		if run.Value != "" || run.Why != "" {
			t = append(t, run)
		}
	}
	return t
}

// Why says why a part of the value cannot be followed to the file; empty when all of it can.
func (t Text) Why() string {
	for _, run := range t {
		if run.Why != "" {
			return run.Why
		}
	}
	return ""
}

// glued reports whether a part of the value is not in the file as such.
func (t Text) glued() bool {
	return slices.ContainsFunc(t, func(run Run) bool { return run.At < 0 })
}

// Span is the smallest that covers all runs that stand in the file; ok is false when none does.
func (t Text) Span() (span Span, ok bool) {
	for _, run := range t {
		if run.At < 0 {
			continue
		}
		end := run.At + len(run.Value)
		if !ok {
			span, ok = Span{Start: run.At, End: end}, true
		}
		span.Start, span.End = min(span.Start, run.At), max(span.End, end)
	}
	return span, ok
}

// pieces are the runs of the file that own the field.
func (f *File) pieces(field Field, value Text) []Piece {
	var out []Piece
	for _, run := range value {
		if run.At < 0 {
			continue
		}
		line, _ := f.Position(run.At)
		span := Span{Start: run.At, End: run.At + len(run.Value)}
		out = append(out, Piece{Field: field, Value: run.Value, Line: line, Span: span})
	}
	return out
}
