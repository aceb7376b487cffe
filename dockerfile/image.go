package dockerfile

import (
	_ "crypto/sha256" // digests are checked with the algorithms that are linked in
	_ "crypto/sha512"
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// Unfollowed is the error of a value that cannot be followed to the bytes that spell it. Its text is a reason for a person.
type Unfollowed string

func (e Unfollowed) Error() string { return string(e) }

// Image reads operand, "name[:tag][@digest]", as a reference to an image. The operand as written stands at span.
// The error is a reason for a person.
func (f *File) Image(kind string, span Span, operand Text) (Reference, error) {
	if why := operand.Why(); why != "" {
		return Reference{}, Unfollowed(why)
	}
	written := operand.String()
	name, tag, digest := split(written)
	if name+1 == tag || tag+1 == digest || name == 0 && digest > 0 {
		return Reference{}, fmt.Errorf("%q names no image: %w", written, reference.ErrReferenceInvalidFormat)
	}
	return f.Join(kind, span, operand.Slice(0, name), operand.Slice(min(name+1, tag), tag), operand.Slice(min(tag+1, digest), digest))
}

// split returns where the name, the tag and the digest of a written reference end.
func split(written string) (name, tag, digest int) {
	digest = len(written)
	tag = digest
	if at := strings.IndexByte(written, '@'); at >= 0 {
		tag = at
	}
	name = tag
	if colon := strings.LastIndexByte(written[:tag], ':'); colon > strings.LastIndexByte(written[:tag], '/') {
		name = colon
	}
	return name, tag, digest
}

// Join is Image for a name, a tag and a digest that stand in places of their own; tag and digest may be empty.
func (f *File) Join(kind string, span Span, name, tag, digest Text) (Reference, error) {
	for _, part := range []Text{name, tag, digest} {
		if why := part.Why(); why != "" {
			return Reference{}, Unfollowed(why)
		}
	}
	if tag.glued() || digest.glued() {
		return Reference{}, Unfollowed("spells its tag or digest with an escape; write it plainly")
	}
	line, column := f.Position(span.Start)
	ref := Reference{
		File: f.Path, Kind: kind, Line: line, Column: column, Span: span, Raw: string(f.Data[span.Start:span.End]),
		Tag: tag.String(), Digest: digest.String(),
	}
	written := name.String()
	if written == "" {
		return Reference{}, Unfollowed("comes to nothing")
	}
	if ref.Tag != "" {
		written += ":" + ref.Tag
	}
	if ref.Digest != "" {
		written += "@" + ref.Digest
	}
	named, err := reference.ParseNormalizedNamed(written)
	if err != nil {
		return Reference{}, fmt.Errorf("%q names no image: %w", written, err)
	}
	ref.Image = named.Name()
	ref.Pieces = f.pieces(Name, name)
	ref.Pieces = append(ref.Pieces, f.pieces(Tag, tag)...)
	ref.Pieces = append(ref.Pieces, f.pieces(Digest, digest)...)
	f.recorded(&ref)
	lines := []int{line}
	for _, piece := range ref.Pieces {
		lines = append(lines, piece.Line)
	}
	ref.Ignore = f.ignore(lines...)
	ref.Pin = pin(name, tag, digest)
	if ref.Tag == "" && ref.Digest == "" {
		ref.Tag = "latest"
	}
	return ref, nil
}

// pin says where a digest would go: behind the last byte of the tag, or else of the name. A tag that is left to Docker is
// written out with the digest, so that the file goes on saying which tag is followed.
func pin(name, tag, digest Text) *Pin {
	last, before := tag, "@"
	if len(tag) == 0 {
		last, before = name, ":latest@"
	}
	if len(digest) > 0 || len(last) == 0 || last[len(last)-1].At < 0 {
		return nil
	}
	run := last[len(last)-1]
	return &Pin{At: run.At + len(run.Value), Before: before}
}
