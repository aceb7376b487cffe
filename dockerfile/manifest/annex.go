package manifest

import (
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// Beside returns the bytes of another file of the same tree; nil when there is none to be had. It may be called concurrently.
type Beside func(path string) []byte

// annex is a file whose bytes stand behind a document's own, so that the parts of a value may come from either.
type annex struct {
	path       string
	start, end int
}

// annex adds a file to the document and returns where its bytes begin; ok is false when there is no such file.
func (d *Document) annex(path string) (start int, ok bool) {
	for _, a := range d.annexes {
		if a.path == path {
			return a.start, true
		}
	}
	if d.tree == nil || path == d.Path {
		return 0, false
	}
	added := d.tree(path)
	if added == nil || len(added) > MaxSize {
		return 0, false
	}
	data := append(slices.Clip(d.Data), '\n')
	start = len(data)
	d.File = dockerfile.NewFile(d.Path, append(data, added...))
	d.annexes = append(d.annexes, annex{path, start, len(d.Data)})
	return start, true
}

// own are the bytes of the document's own file.
func (d *Document) own() []byte { return d.Data[:d.length] }

// placed gives every piece the file that it stands in, and every reference the names of the files that it was read with.
func (r *reader) placed() []dockerfile.Reference {
	for i := range r.out.References {
		ref := &r.out.References[i]
		for _, a := range r.annexes {
			ref.With = append(ref.With, a.path)
			for j := range ref.Pieces {
				r.settle(&ref.Pieces[j], a)
			}
			if ref.Echo != nil {
				r.settle(ref.Echo, a)
			}
		}
	}
	return r.out.References
}

// settle puts a piece that stands in an annex where it is in the annex's own file.
func (r *reader) settle(piece *dockerfile.Piece, a annex) {
	if piece.File != "" || piece.Start < a.start || piece.Start > a.end {
		return
	}
	before, _ := r.Position(a.start)
	piece.File = a.path
	piece.Line -= before - 1
	piece.Start, piece.End = piece.Start-a.start, piece.End-a.start
}
