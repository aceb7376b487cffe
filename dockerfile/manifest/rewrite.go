package manifest

import (
	"fmt"
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// Rewrite makes the moves in one file and proves the outcome: read again, the file must show exactly the moved references
// changed, to exactly the tag and digest asked for, and all others as they were. A move for which that cannot be had is
// rejected with the reason, and the file is left as if it had not been asked for. References must come from this data: an
// error says that they do not.
func Rewrite(path string, data []byte, moves []dockerfile.Move) (out []byte, rejected []dockerfile.Rejected, err error) {
	before := Extract(path, data)
	for _, move := range moves {
		if !slices.ContainsFunc(before.References, func(ref dockerfile.Reference) bool { return same(ref, move.Reference) }) {
			return nil, nil, fmt.Errorf("rewrite %s: line %d no longer holds %s", path, move.Reference.Line, move.Reference.Raw)
		}
	}
	out, rejected, reason := attempt(path, data, before, moves)
	if reason == "" {
		return out, rejected, nil
	}
	// Together they do not hold: take in one after the other, and leave out those that break the proof.
	var kept []dockerfile.Move
	out, rejected = data, nil
	for _, move := range moves {
		result, refused, reason := attempt(path, data, before, append(slices.Clone(kept), move))
		switch {
		case reason != "":
			rejected = append(rejected, dockerfile.Rejected{Move: move, Reason: reason})
		case len(refused) > 0:
			rejected = append(rejected, dockerfile.Rejected{Move: move, Reason: refused[len(refused)-1].Reason})
		default:
			out, kept = result, append(kept, move)
		}
	}
	return out, rejected, nil
}

// same reports whether two references are one place with one value.
func same(a, b dockerfile.Reference) bool {
	return a.Span == b.Span && a.Raw == b.Raw && a.Image == b.Image && a.Tag == b.Tag && a.Digest == b.Digest
}

// attempt makes all moves that go together and proves the outcome; reason says what the proof lacks.
func attempt(path string, data []byte, before dockerfile.Extraction, moves []dockerfile.Move) (out []byte, rejected []dockerfile.Rejected, reason string) {
	edits, rejected := dockerfile.Edits(moves)
	out, err := dockerfile.Apply(data, edits)
	if err != nil {
		return nil, nil, err.Error()
	}
	wanted := slices.DeleteFunc(slices.Clone(moves), func(move dockerfile.Move) bool {
		return slices.ContainsFunc(rejected, func(r dockerfile.Rejected) bool { return r.Move.Reference.Span == move.Reference.Span })
	})
	return out, rejected, prove(before, Extract(path, out), wanted)
}

// prove compares what a file showed before and after the moves.
func prove(before, after dockerfile.Extraction, moves []dockerfile.Move) (reason string) {
	if len(before.References) != len(after.References) || len(before.Skipped) != len(after.Skipped) {
		return "the edit would change what else the file is read as"
	}
	for i, was := range before.References {
		want := was
		for _, move := range moves {
			if move.Reference.Span == was.Span {
				want.Tag, want.Digest = target(move)
			}
		}
		is := after.References[i]
		if is.Image != want.Image || is.Kind != want.Kind || is.Stage != want.Stage || is.Platform != want.Platform {
			return fmt.Sprintf("the edit would make %s (line %d) another image", was.Raw, was.Line)
		}
		if is.Tag != want.Tag || is.Digest != want.Digest {
			return fmt.Sprintf("%s (line %d) would come to %s, not %s", was.Raw, was.Line, written(is), written(want))
		}
	}
	return ""
}

// target is the tag and digest that a move asks for.
func target(move dockerfile.Move) (tag, digest string) {
	tag, digest = move.Tag, move.Digest
	if tag == "" {
		tag = move.Reference.Tag
	}
	if digest == "" {
		digest = move.Reference.Digest
	}
	return tag, digest
}

func written(ref dockerfile.Reference) string {
	if ref.Digest == "" {
		return ref.Tag
	}
	return ref.Tag + "@" + ref.Digest
}
