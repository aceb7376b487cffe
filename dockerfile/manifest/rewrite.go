package manifest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// Rewrite makes the moves in files that are read together, or in one, and proves the outcome: read again, the files must show exactly
// the moved references changed, to exactly the tag and digest asked for, and all others as they were. A move for which that cannot be
// had is rejected with the reason, and the files are left as if it had not been asked for. It returns the files that change.
//
// The files must be all that any of them takes values from or brings in (Reference.With), and the references must come from them: an
// error says that they do not.
func (s Set) Rewrite(files map[string][]byte, moves []dockerfile.Move) (changed map[string][]byte, rejected []dockerfile.Rejected, err error) {
	r := &rewriting{set: s, files: files, before: s.extractAll(files), attempts: maxAttempts}
	held := make(map[spot]dockerfile.Reference, len(r.before.References))
	for _, ref := range r.before.References {
		held[spotOf(ref)] = ref
	}
	for _, move := range moves {
		if !same(held[spotOf(move.Reference)], move.Reference) {
			return nil, nil, fmt.Errorf("rewrite %s: line %d no longer holds %s", move.Reference.File, move.Reference.Line, move.Reference.Raw)
		}
	}
	r.take(moves)
	return r.changed, r.rejected, nil
}

// extractAll finds the references of files that are read together.
func (s Set) extractAll(files map[string][]byte) dockerfile.Extraction {
	var parts []dockerfile.Extraction
	for _, path := range slices.Sorted(maps.Keys(files)) {
		parts = append(parts, s.Extract(path, files[path], func(other string) []byte { return files[other] }))
	}
	return Merge(parts...)
}

// spot is where a reference stands.
type spot struct {
	file string
	dockerfile.Span
}

func spotOf(ref dockerfile.Reference) spot { return spot{ref.File, ref.Span} }

// same reports whether two references of one place have one value.
func same(a, b dockerfile.Reference) bool {
	return spotOf(a) == spotOf(b) && a.Raw == b.Raw && a.Image == b.Image && a.Tag == b.Tag && a.Digest == b.Digest
}

// maxAttempts bounds how often files are written and read again before the rest of their moves is given up.
const maxAttempts = 64

// rewriting is the state of one Rewrite: what is proven so far.
type rewriting struct {
	set      Set
	files    map[string][]byte
	before   dockerfile.Extraction
	kept     []dockerfile.Move
	changed  map[string][]byte
	rejected []dockerfile.Rejected
	attempts int
}

// take adds moves to those that are kept. Where they do not hold together, it halves them until it has found those that break
// the proof.
func (r *rewriting) take(moves []dockerfile.Move) {
	if len(moves) == 0 {
		return
	}
	reason := "too many changes here do not hold together"
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
	changed, err := apply(r.files, edits)
	if err != nil {
		return err.Error()
	}
	after := maps.Clone(r.files)
	maps.Copy(after, changed)
	refused := map[spot]bool{}
	for _, one := range rejected {
		refused[spotOf(one.Move.Reference)] = true
	}
	made := slices.DeleteFunc(wanted, func(move dockerfile.Move) bool { return refused[spotOf(move.Reference)] })
	if reason := prove(r.before, r.set.extractAll(after), made); reason != "" {
		return reason
	}
	r.changed, r.kept = changed, made
	r.rejected = append(r.rejected, rejected...)
	return ""
}

// apply makes edits in the files that they name, and returns those.
func apply(files map[string][]byte, edits []dockerfile.Edit) (map[string][]byte, error) {
	changed := map[string][]byte{}
	for len(edits) > 0 { // they are in the order of files
		file := edits[0].File
		n := slices.IndexFunc(edits, func(e dockerfile.Edit) bool { return e.File != file })
		if n < 0 {
			n = len(edits)
		}
		var err error
		if changed[file], err = dockerfile.Apply(files[file], edits[:n]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		edits = edits[n:]
	}
	return changed, nil
}

// others are moves that say of every reference that is not moved that it stays.
func (r *rewriting) others(moves []dockerfile.Move) []dockerfile.Move {
	moved := map[spot]bool{}
	for _, move := range moves {
		moved[spotOf(move.Reference)] = true
	}
	var out []dockerfile.Move
	for _, ref := range r.before.References {
		if !moved[spotOf(ref)] {
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
	moved := make(map[spot]dockerfile.Move, len(moves))
	for _, move := range moves {
		moved[spotOf(move.Reference)] = move
	}
	for i, was := range before.References {
		want := was
		if move, ok := moved[spotOf(was)]; ok {
			want.Tag, want.Digest = target(move)
		}
		is := after.References[i]
		if is.File != want.File || is.Image != want.Image || is.Kind != want.Kind || is.Stage != want.Stage || is.Platform != want.Platform {
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
