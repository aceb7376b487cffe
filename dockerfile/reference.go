// Package dockerfile finds the image references of Dockerfiles and holds the one function that edits files.
//
// It defines Reference, Piece and Edit for every file kind. It reads no file system and no network: bytes in, values out.
package dockerfile

import (
	"cmp"
	"encoding/json"
)

// Field says which part of an image reference a piece owns, wholly or in part.
type Field string

const (
	Name   Field = "name"   // registry and repository
	Tag    Field = "tag"    // without the colon
	Digest Field = "digest" // with its algorithm, without the @
)

// Span is a half-open range of byte offsets in a file, counted from the first byte (a byte-order mark included).
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Piece is one place in a file that owns a part of a reference: file[Start:End] equals Value.
// Several pieces of one field, in order, spell that field.
type Piece struct {
	Field Field  `json:"field"`
	Value string `json:"value"`
	Line  int    `json:"line"` // from 1
	Span
	File string `json:"file,omitempty"` // where it stands; empty: in the reference's own file

	// Bare says that the piece is a whole YAML scalar without quotes: a value that YAML would not take for text needs them.
	Bare bool `json:"-"`
}

// In is the file that a piece of a reference stands in.
func (p Piece) In(of Reference) string { return cmp.Or(p.File, of.File) }

// Pin says where a digest would be inserted into a reference that has none: Before + digest + After, at byte offset At.
type Pin struct {
	At            int
	Before, After string
}

// Reference is one place in one file that names an image.
type Reference struct {
	File     string `json:"file"` // slash-separated, relative to the repository's root
	Kind     string `json:"kind"` // "dockerfile", "compose", …
	Stage    string `json:"stage"`
	Platform string `json:"platform"` // as fixed by the file, such as linux/arm64; empty when any may be used
	Line     int    `json:"line"`     // of the operand, from 1
	Column   int    `json:"column"`   // of the operand, in bytes, from 1
	Span            // of the operand as written
	Raw      string `json:"raw"`
	Image    string `json:"image"`  // canonical repository: docker.io/library/debian
	Tag      string `json:"tag"`    // after expansion; "latest" when neither tag nor digest is given; of a digest alone, what a comment beside it records
	Digest   string `json:"digest"` // after expansion; empty when not pinned

	Pieces []Piece `json:"pieces"`
	Echo   *Piece  `json:"-"` // a comment beside the digest that repeats the tag, and is kept in step with it
	Pin    *Pin    `json:"-"` // nil when a digest cannot be added, or is there already
	Ignore *Ignore `json:"-"` // nil unless a comment says to leave it alone; see Extraction.Heed

	With []string `json:"-"` // other files that it was read with: they give values to it, or bring its file in
	Via  string   `json:"-"` // the one of them that brings its file in; empty when it was read for its own sake
}

// Skipped is a place that names an image, or might, and is left alone.
type Skipped struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Raw    string `json:"raw"`
	Kind   string `json:"kind"`
	Reason string `json:"reason"` // for a person: why, and what would help
}

// Extraction is what one file, or many, hold. Both lists are in file order.
type Extraction struct {
	References []Reference `json:"references"`
	Skipped    []Skipped   `json:"skipped"`
}

// MarshalJSON writes empty lists as [], which readers of the command line's output may rely on.
func (e Extraction) MarshalJSON() ([]byte, error) {
	type plain Extraction
	if e.References == nil {
		e.References = []Reference{}
	}
	if e.Skipped == nil {
		e.Skipped = []Skipped{}
	}
	return json.Marshal(plain(e))
}
