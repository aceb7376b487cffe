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
func (s Set) Rewrite(path string, data []byte, moves []dockerfile.Move) (out []byte, rejected []dockerfile.Rejected, err error) {
	r := &rewriting{set: s, path: path, data: data, before: s.Extract(path, data), out: data, attempts: maxAttempts}
	held := make(map[dockerfile.Span]dockerfile.Reference, len(r.before.References))
	for _, ref := range r.before.References {
		held[ref.Span] = ref
	}
	for _, move := range moves {
		if !same(held[move.Reference.Span], move.Reference) {
			return nil, nil, fmt.Errorf("rewrite %s: line %d no longer holds %s", path, move.Reference.Line, move.Reference.Raw)
		}
	}
	r.take(moves)
	return r.out, r.rejected, nil
}

// same reports whether two references are one place with one value.
func same(a, b dockerfile.Reference) bool {
	return a.Span == b.Span && a.Raw == b.Raw && a.Image == b.Image && a.Tag == b.Tag && a.Digest == b.Digest
}

// maxAttempts bounds how often a file is written and read again before the rest of its moves is given up.
const maxAttempts = 64

// rewriting is the state of one Rewrite: what is proven so far.
type rewriting struct {
	set      Set
	path     string
	data     []byte
	before   dockerfile.Extraction
	kept     []dockerfile.Move
	out      []byte
	rejected []dockerfile.Rejected
	attempts int
}

// take adds moves to those that are kept. Where they do not hold together, it halves them until it has found those that break
// the proof.
func (r *rewriting) take(moves []dockerfile.Move) {
	if len(moves) == 0 {
		return
	}
	reason := "the file has too many changes that do not hold together"
	if r.attempts > 0 {
		r.attempts--
		if reason = r.attempt(moves); reason == "" {
			return
		}
	}
	if half := len(moves) / 2; half > 0 && r.attempts > 0 {
		r.take(moves[:half])
		r.take(moves[half:])
		return
	}
	for _, move := range moves {
		r.rejected = append(r.rejected, dockerfile.Rejected{Move: move, Reason: reason})
	}
}

// attempt makes the moves beside those that are kept, and proves the outcome; reason says what the proof lacks.
func (r *rewriting) attempt(moves []dockerfile.Move) (reason string) {
	wanted := append(slices.Clone(r.kept), moves...)
	edits, rejected := dockerfile.Edits(append(slices.Clone(wanted), r.others(wanted)...))
	out, err := dockerfile.Apply(r.data, edits)
	if err != nil {
		return err.Error()
	}
	refused := map[dockerfile.Span]bool{}
	for _, one := range rejected {
		refused[one.Move.Reference.Span] = true
	}
	made := slices.DeleteFunc(wanted, func(move dockerfile.Move) bool { return refused[move.Reference.Span] })
	if reason := prove(r.before, r.set.Extract(r.path, out), made); reason != "" {
		return reason
	}
	r.out, r.kept = out, made
	r.rejected = append(r.rejected, rejected...)
	return ""
}

// others are moves that say of every reference that is not moved that it stays.
func (r *rewriting) others(moves []dockerfile.Move) []dockerfile.Move {
	moved := map[dockerfile.Span]bool{}
	for _, move := range moves {
		moved[move.Reference.Span] = true
	}
	var out []dockerfile.Move
	for _, ref := range r.before.References {
		if !moved[ref.Span] {
			out = append(out, dockerfile.Move{Reference: ref, Digest: ref.Digest})
		}
	}
	return out
}

// prove compares what a file showed before and after the moves.
func prove(before, after dockerfile.Extraction, moves []dockerfile.Move) (reason string) {
	if len(before.References) != len(after.References) || len(before.Skipped) != len(after.Skipped) {
		return "the edit would change what else the file is read as"
	}
	moved := make(map[dockerfile.Span]dockerfile.Move, len(moves))
	for _, move := range moves {
		moved[move.Reference.Span] = move
	}
	for i, was := range before.References {
		want := was
		if move, ok := moved[was.Span]; ok {
			want.Tag, want.Digest = target(move)
		}
		is := after.References[i]
		if is.Image != want.Image || is.Kind != want.Kind || is.Stage != want.Stage || is.Platform != want.Platform {
			return fmt.Sprintf("the edit would make %s (line %d) another image", was.Raw, was.Line)
		}
		if is.Tag != want.Tag || is.Digest != want.Digest {
			return fmt.Sprintf("%s (line %d) would come to %s, not %s", was.Raw, was.Line, version(is), version(want))
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

func version(ref dockerfile.Reference) string {
	if ref.Digest == "" {
		return ref.Tag
	}
	return ref.Tag + "@" + ref.Digest
}
