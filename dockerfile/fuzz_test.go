package dockerfile

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// FuzzExtract: no panic; what is found is in the file, and is what BuildKit names; edits do what they say and nothing else.
func FuzzExtract(f *testing.F) {
	for _, seed := range []string{
		"FROM debian:12\n", "ARG V=18\nFROM node:${V}-alpine AS x\nFROM node:$V\nCOPY --from=x /a /b\n",
		"\ufeff# escape=`\r\n# syntax=docker/dockerfile:1\r\nFROM `\r\n a:1\r\n", "FROM a\nRUN <<X\nFROM b\nX\nONBUILD COPY --from=c:1 . .\n",
		"ARG A=1 B=\"a:${A}\" C='x'\nFROM ${B:-x:$C}\nFROM ${D:+y}${A#1}a\n", "FROM a\nRUN --mount=type=bind,from=b:1 --mount='\"from=c:2\",target=/x' true",
		"FROM a@" + someDigest + "\nFROM --platform=$BUILDPLATFORM b:1@" + someDigest, "ARG V=1.2\nFROM a:${V%.*}\nFROM b:${V/./-}\nFROM \"c\":'d'\\e",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		e := Extract("Dockerfile", data)
		sound(t, data, e)
		agree(t, data, e)
		var stay []Move
		for _, ref := range e.References {
			stay = append(stay, Move{Reference: ref, Tag: ref.Tag, Digest: ref.Digest})
		}
		edits, rejected := Edits(stay)
		if out, err := Apply(data, edits); err != nil || len(rejected) > 0 || string(out) != string(data) {
			t.Errorf("moving nothing: %q, %v, %v; file %q", out, rejected, err, data)
		}
		roundTrip(t, data, e)
	})
}

// roundTrip moves each reference, with all that shares its bytes, and reads the file again.
func roundTrip(t *testing.T, data []byte, before Extraction) {
	t.Helper()
	for i, moved := range before.References {
		digest := "sha256:" + strings.Repeat("9", 64)
		moves := make([]Move, len(before.References))
		for j, ref := range before.References {
			moves[j] = Move{Reference: ref, Tag: ref.Tag, Digest: ref.Digest}
			if full(ref) == full(moved) {
				moves[j].Digest = digest
			}
		}
		edits, rejected := Edits(moves)
		if len(rejected) > 0 {
			continue
		}
		out, err := Apply(data, edits)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(before.References)
		for j := range want {
			want[j].Digest = moves[j].Digest
		}
		after := Extract("Dockerfile", out)
		only := cmpopts.IgnoreFields(Reference{}, "Span", "Column", "Raw", "Pieces", "Pin", "Ignore")
		if diff := cmp.Diff(want, after.References, only); diff != "" {
			t.Errorf("pinning %d: %s\n%q\n%q", i, diff, data, out)
		}
	}
}

// FuzzExpand: the value is BuildKit's, whatever the word, and every byte of it that has an origin stands there.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{
		"a$V", "${V:-x${W}}", "${E:+y}", "'$V'\"$V\\$\"", "${V#*.}${V%%.*}${V/1/\\/}", "$$V$1${-}${@:-x}", "a\\", "\"\\x\"", "<< a", "${V//.}}/b}", "${Ñ}",
	} {
		f.Add(seed)
	}
	env := newScope()
	env.args["V"] = Text{{Value: "1.2.", At: 1000}, {Value: "3", At: 2000}}
	env.args["E"] = nil
	f.Fuzz(func(t *testing.T, word string) {
		if len(word) > 1000 {
			return
		}
		if !utf8.ValidString(word) {
			return // BuildKit replaces what it cannot decode; no image has such bytes
		}
		want, _, err := shell.NewLex('\\').ProcessWord(word, env)
		got, lost := expand(Text{{Value: word}}, '\\', env)
		if err != nil {
			if lost == nil {
				t.Errorf("expand(%q) = %q; BuildKit says %v", word, got, err)
			}
			return
		}
		if lost != nil {
			// What cannot be decoded is refused, never misread.
			if !strings.ContainsAny(word, "\x00\ufeff") {
				t.Errorf("expand(%q): %v; BuildKit says %q", word, lost, want)
			}
			return
		}
		if got.String() != want {
			t.Errorf("expand(%q) = %q, BuildKit says %q", word, got, want)
		}
		for _, run := range got {
			source, at := word, run.At
			if at >= 1000 {
				source, at = "1.2."+strings.Repeat(" ", 996)+"3", at-1000
			}
			if run.At >= 0 && !strings.HasPrefix(source[at:], run.Value) {
				t.Errorf("expand(%q): %q does not stand at %d", word, run.Value, run.At)
			}
		}
	})
}
