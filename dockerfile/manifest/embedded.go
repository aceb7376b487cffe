package manifest

import (
	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// embedded reads a scalar that holds a file of its own: a Dockerfile, or YAML.
func (r *reader) embedded(node *yaml.Node, read func(*reader)) {
	if text(node) == "" || r.seen[node] {
		return
	}
	r.seen[node] = true
	value, err := r.scalar(node)
	if err != nil {
		r.skip(node, err)
		return
	}
	r.within(value, read)
}

// within reads a part of the file as a file of its own.
func (r *reader) within(value dockerfile.Text, read func(*reader)) {
	inner := &reader{Document: newDocument(r.Path, []byte(value.String()), nil), kind: r.kind, seen: map[*yaml.Node]bool{}}
	read(inner)
	for _, ref := range inner.out.References {
		start := place(value, ref.Start)
		if moved, ok := r.moved(ref, value); ok {
			r.take(moved, nil, start, ref.Raw)
		} else {
			r.take(ref, errLost, start, ref.Raw)
		}
	}
	for _, skipped := range inner.out.Skipped {
		skipped.Kind = r.kind
		skipped.Line, _ = r.Position(place(value, inner.Line(skipped.Line).Start))
		r.out.Skipped = append(r.out.Skipped, skipped)
	}
}

// place is where the byte i of a value stands in the file; for a byte that does not, the nearest one before it that does.
func place(value dockerfile.Text, i int) int {
	at := 0
	for _, run := range value {
		if run.At >= 0 && i >= 0 {
			at = run.At + min(i, len(run.Value))
		}
		i -= len(run.Value)
		if i < 0 {
			break
		}
	}
	return at
}

// moved turns a reference in a value into the same reference in the file; ok is false when a part of it is not in the file as
// such.
func (r *reader) moved(ref dockerfile.Reference, value dockerfile.Text) (_ dockerfile.Reference, ok bool) {
	for i := range ref.Pieces {
		if !r.movePiece(&ref.Pieces[i], value) {
			return ref, false
		}
	}
	if ref.Echo != nil && !r.movePiece(ref.Echo, value) {
		return ref, false
	}
	if ref.Pin != nil {
		before := value.Slice(ref.Pin.At-1, ref.Pin.At)
		if len(before) != 1 || before[0].At < 0 {
			return ref, false
		}
		ref.Pin = &dockerfile.Pin{At: before[0].At + 1, Before: ref.Pin.Before, After: ref.Pin.After}
	}
	span, ok := value.Slice(ref.Start, ref.End).Span()
	if !ok || span.End > r.length {
		return ref, false
	}
	ref.Kind, ref.Span = r.kind, span
	ref.Raw = string(r.Data[span.Start:span.End])
	ref.Line, ref.Column = r.Position(span.Start)
	return ref, true
}

// movePiece does for one piece what moved does for a reference.
func (r *reader) movePiece(piece *dockerfile.Piece, value dockerfile.Text) bool {
	run := value.Slice(piece.Start, piece.End)
	if len(run) != 1 || run[0].At < 0 {
		return false
	}
	piece.Span = dockerfile.Span{Start: run[0].At, End: run[0].At + len(piece.Value)}
	piece.Line, _ = r.Position(piece.Start)
	return true
}
