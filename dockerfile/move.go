package dockerfile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
)

// wholeTag is Docker's grammar of a tag.
var wholeTag = regexp.MustCompile(`^` + reference.TagRegexp.String() + `$`)

// edits are what the move wants of every place of its reference, alone. With a reason why it cannot be made, it wants all to stay.
func (m Move) edits() (edits []Edit, reason string) {
	ref := m.Reference
	tag, digest := m.target()
	if reason = m.refusal(); reason != "" {
		tag, digest = ref.Tag, ref.Digest
	}
	for _, piece := range ref.Pieces {
		if piece.Field == Name {
			edits = append(edits, piece.edit(ref, piece.Value))
		}
	}
	if ref.Echo != nil {
		edits = append(edits, ref.Echo.edit(ref, tag))
	}
	var pin Edit
	if ref.Pin != nil {
		pin.File, pin.Span = ref.File, Span{Start: ref.Pin.At, End: ref.Pin.At}
		if digest != "" {
			pin.New = ref.Pin.Before + digest + ref.Pin.After
		}
		edits = append(edits, pin)
	}
	edits = append(edits, respell(ref, Tag, tag, pin)...)
	edits = append(edits, respell(ref, Digest, digest, pin)...)
	return edits, reason
}

// edit gives a piece of a reference another value.
func (p Piece) edit(of Reference, value string) Edit {
	return Edit{File: p.In(of), Span: p.Span, Old: p.Value, New: value}
}

// target is the tag and digest that the reference is to have.
func (m Move) target() (tag, digest string) {
	return cmp.Or(m.Tag, m.Reference.Tag), m.Digest
}

// refusal says why the move cannot be made, whatever else is moved; empty when it can.
func (m Move) refusal() string {
	ref := m.Reference
	owned := func(field Field) bool {
		return slices.ContainsFunc(ref.Pieces, func(p Piece) bool { return p.Field == field })
	}
	tag, wanted := m.target()
	if tag != ref.Tag {
		switch {
		case !wholeTag.MatchString(tag):
			return fmt.Sprintf("%q is no tag", tag)
		case !owned(Tag):
			return "no tag is written that could be moved"
		}
	}
	if wanted == ref.Digest {
		return ""
	}
	if wanted == "" {
		return "the reference is pinned to a digest; a move needs the new digest too"
	}
	if _, err := digest.Parse(wanted); err != nil {
		return fmt.Sprintf("%q is no digest", wanted)
	}
	if ref.Pin == nil && !owned(Digest) {
		return "there is no place for a digest here; the tag alone is kept current"
	}
	return ""
}

// respell shares a field's new value out over the pieces that spell it, changing as few as possible. A bare value that is to be
// text gets quotes, unless the pin makes it longer.
func respell(ref Reference, field Field, want string, pin Edit) (edits []Edit) {
	var pieces []Piece
	for _, piece := range ref.Pieces {
		if piece.Field == field {
			pieces = append(pieces, piece)
		}
	}
	if len(pieces) == 0 {
		return nil
	}
	for i, value := range share(pieces, want) {
		longer := pin.New != "" && pin.Start == pieces[i].End && !strings.HasPrefix(pin.New, "\n")
		if pieces[i].Bare && value != pieces[i].Value && !longer && !isText(value) {
			value = `"` + value + `"`
		}
		edits = append(edits, pieces[i].edit(ref, value))
	}
	return edits
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
	for was != "" && is != "" && was[len(was)-1] == is[len(is)-1] {
		was, is = was[:len(was)-1], is[:len(is)-1]
		alike++
	}
	return change - alike
}

// notText are the words that YAML 1.1 takes for something else.
var notText = regexp.MustCompile(`(?i)^(y|n|yes|no|on|off|true|false|null|~|[-+]?\.(inf|nan)|\d{4}-\d\d?-\d\d?)$`)

// isText reports whether YAML takes a bare value for text, not for a number, a date, a truth value or nothing.
func isText(value string) bool {
	plain := strings.ReplaceAll(value, "_", "")
	_, floatErr := strconv.ParseFloat(plain, 64)
	_, intErr := strconv.ParseInt(plain, 0, 64)
	return floatErr != nil && intErr != nil && !notText.MatchString(value)
}
