package dockerfile

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
)

// wholeTag is Docker's grammar of a tag.
var wholeTag = regexp.MustCompile(`^` + reference.TagRegexp.String() + `$`)

// edits are the edits that the move comes to alone, or the reason why it cannot be made.
func (m Move) edits() (edits []Edit, reason string) {
	ref := m.Reference
	if m.Tag != "" && m.Tag != ref.Tag {
		if !wholeTag.MatchString(m.Tag) {
			return nil, fmt.Sprintf("%q is no tag", m.Tag)
		}
		tag, ok := respell(ref.Pieces, Tag, m.Tag)
		if !ok {
			return nil, "no tag is written that could be moved"
		}
		edits = append(edits, tag...)
	}
	switch {
	case m.Digest == ref.Digest:
		return edits, ""
	case m.Digest == "":
		return nil, "the reference is pinned to a digest; a move needs the new digest too"
	}
	if _, err := digest.Parse(m.Digest); err != nil {
		return nil, fmt.Sprintf("%q is no digest", m.Digest)
	}
	if ref.Digest != "" {
		pinned, ok := respell(ref.Pieces, Digest, m.Digest)
		if !ok {
			return nil, "the digest is not written where it could be changed"
		}
		return append(edits, pinned...), ""
	}
	if ref.Pin == nil {
		return nil, "there is no place for a digest"
	}
	at := Span{Start: ref.Pin.At, End: ref.Pin.At}
	return append(edits, Edit{Span: at, New: ref.Pin.Before + m.Digest + ref.Pin.After}), ""
}

// respell shares a field's new value out over the pieces that spell it, changing as few as possible. ok is false when no piece
// does.
func respell(all []Piece, field Field, want string) (edits []Edit, ok bool) {
	var pieces []Piece
	for _, piece := range all {
		if piece.Field == field {
			pieces = append(pieces, piece)
		}
	}
	if len(pieces) == 0 {
		return nil, false
	}
	for i, value := range share(pieces, want) {
		if value != pieces[i].Value {
			edits = append(edits, Edit{Span: pieces[i].Span, Old: pieces[i].Value, New: value})
		}
	}
	return edits, true
}

// share cuts want into one part for each piece: fewest changed parts, then most likeness to what was there, and no part emptied
// that need not be.
func share(pieces []Piece, want string) []string {
	n := len(want)
	costs := make([][]int, len(pieces)+1) // costs[i][j]: of giving want[j:] to pieces[i:]
	cuts := make([][]int, len(pieces)+1)  // cuts[i][j]: where the part of pieces[i] ends in that case
	const impossible = 1 << 40
	for i := range costs {
		costs[i], cuts[i] = make([]int, n+1), make([]int, n+1)
	}
	for j := range n {
		costs[len(pieces)][j] = impossible
	}
	for i := len(pieces) - 1; i >= 0; i-- {
		for j := range n + 1 {
			costs[i][j] = impossible
			for end := j; end <= n; end++ {
				if c := cost(pieces[i].Value, want[j:end]) + costs[i+1][end]; c < costs[i][j] {
					costs[i][j], cuts[i][j] = c, end
				}
			}
		}
	}
	parts := make([]string, len(pieces))
	for i, j := 0, 0; i < len(pieces); i++ {
		parts[i] = want[j:cuts[i][j]]
		j = cuts[i][j]
	}
	return parts
}

// cost is how bad it is to write is where was stood.
func cost(was, is string) int {
	const change, emptied = 1 << 10, 1 << 20
	switch {
	case was == is:
		return 0
	case is == "":
		return emptied
	}
	alike := 0
	for alike < min(len(was), len(is)) && was[alike] == is[alike] {
		alike++
	}
	was, is = was[alike:], is[alike:]
	for strings.HasSuffix(is, lastByte(was)) && was != "" && is != "" {
		was, is = was[:len(was)-1], is[:len(is)-1]
		alike++
	}
	return change - alike
}

func lastByte(s string) string {
	return s[max(len(s)-1, 0):]
}
