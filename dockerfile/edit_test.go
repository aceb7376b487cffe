package dockerfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEdits moves every reference of a file to "tag" or, beginning with @, to a digest, and compares the bytes.
func TestEdits(t *testing.T) {
	t.Parallel()
	d1, d2 := "sha256:"+strings.Repeat("1", 64), "sha256:"+strings.Repeat("2", 64)
	tests := []struct {
		name, file string
		to         []string // "tag", "@digest", "tag@digest", or "" to stay
		want       string
		rejected   []string
	}{
		{name: "tag", file: "FROM a:1\r\n", to: []string{"2"}, want: "FROM a:2\r\n"},
		{name: "pin", file: "FROM a:1 AS x", to: []string{"@" + d1}, want: "FROM a:1@" + d1 + " AS x"},
		{name: "pin writes the tag out", file: "FROM a\n", to: []string{"@" + d1}, want: "FROM a:latest@" + d1 + "\n"},
		{name: "tag and digest", file: "FROM a:1@" + d1, to: []string{"2@" + d2}, want: "FROM a:2@" + d2},
		{name: "digest only", file: "FROM a@" + d1, to: []string{"@" + d2}, want: "FROM a@" + d2},
		{name: "nothing", file: "FROM a:1@" + d1, to: []string{"1@" + d1}, want: "FROM a:1@" + d1},
		{name: "the ARG's part", file: "ARG V=18\nFROM node:${V}-alpine", to: []string{"20-alpine"}, want: "ARG V=20\nFROM node:${V}-alpine"},
		{name: "the literal's part", file: "ARG V=18\nFROM node:${V}-alpine3.17", to: []string{"18-alpine3.18"}, want: "ARG V=18\nFROM node:${V}-alpine3.18"},
		{name: "both parts", file: "ARG V=18\nFROM node:${V}-alpine", to: []string{"20-alpine3.20"}, want: "ARG V=20\nFROM node:${V}-alpine3.20"},
		{name: "several ARGs", file: "ARG A=3 B=18\nFROM a:$A.$B", to: []string{"4.0"}, want: "ARG A=4 B=0\nFROM a:$A.$B"},
		{name: "pin in the ARG", file: "ARG V=\"18\"\nFROM a:$V", to: []string{"20@" + d1}, want: "ARG V=\"20@" + d1 + "\"\nFROM a:$V"},
		{name: "pin in a default", file: "FROM ${I:-a:1}", to: []string{"@" + d1}, want: "FROM ${I:-a:1@" + d1 + "}"},
		{name: "pin behind the ARG's last use", file: "ARG V=18\nFROM a:$V-x", to: []string{"@" + d1}, want: "ARG V=18\nFROM a:$V-x@" + d1},
		{
			name: "one image twice", file: "ARG V=18\nFROM a:$V\nFROM a:$V", to: []string{"20@" + d1, "20@" + d1},
			want: "ARG V=20@" + d1 + "\nFROM a:$V\nFROM a:$V",
		},
		{
			name: "two images of one ARG, each pinned in its own line", file: "ARG V=18\nFROM a:$V\nFROM \"b:$V\"", to: []string{"20@" + d1, "20@" + d2},
			want: "ARG V=20\nFROM a:$V@" + d1 + "\nFROM \"b:$V@" + d2 + "\"",
		},
		{
			name: "an ARG that a stage uses gets no digest", file: "ARG V=18 I=a:$V\nFROM $I\nARG I", to: []string{"20@" + d1},
			want: "ARG V=20 I=a:$V\nFROM $I@" + d1 + "\nARG I",
		},
		{
			name: "two images of one ARG need two values", file: "ARG V=18\nFROM a:$V\nFROM b:$V-x\nFROM c:1", to: []string{"20", "21-x", "2"},
			want: "ARG V=18\nFROM a:$V\nFROM b:$V-x\nFROM c:2",
			rejected: []string{
				`a:$V: "18" also feeds b:$V-x (line 3), which needs another value there; give each image a value of its own`,
				`b:$V-x: "18" also feeds a:$V (line 2), which needs another value there; give each image a value of its own`,
			},
		},
		{
			name: "an image that stays keeps its ARG", file: "ARG V=18\nFROM a:$V\nFROM b:$V", to: []string{"20", ""}, want: "ARG V=18\nFROM a:$V\nFROM b:$V",
			rejected: []string{`a:$V: "18" also feeds b:$V (line 3), which stays as it is; give each image a value of its own`},
		},
		{
			name: "one rejection brings others", file: "ARG V=1 W=2\nFROM a:$V\nFROM b:$V.$W\nFROM c:$W", to: []string{"2", "3.3", "3"},
			want: "ARG V=1 W=2\nFROM a:$V\nFROM b:$V.$W\nFROM c:$W",
			rejected: []string{
				`a:$V: "1" also feeds b:$V.$W (line 3), which needs another value there; give each image a value of its own`,
				`b:$V.$W: "1" also feeds a:$V (line 2), which needs another value there; give each image a value of its own`,
				`c:$W: "2" also feeds b:$V.$W (line 3), which stays as it is; give each image a value of its own`,
			},
		},
		{
			name: "one digest for two images", file: "ARG D=" + d1 + "\nFROM a@$D\nFROM b@$D", to: []string{"@" + d2, "@" + d1}, want: "ARG D=" + d1 + "\nFROM a@$D\nFROM b@$D",
			rejected: []string{`a@$D: "` + d1 + `" also feeds b@$D (line 3), which stays as it is; give each image a value of its own`},
		},
		{
			name: "one value in two parts", file: "ARG V=18\nFROM node$V:$V", to: []string{"20"}, want: "ARG V=18\nFROM node$V:$V",
			rejected: []string{`node$V:$V: "18" feeds two parts of node$V:$V; give each part a value of its own`},
		},
		{name: "one value twice in a tag", file: "ARG V=1\nFROM a:$V-$V", to: []string{"2-2"}, want: "ARG V=2\nFROM a:$V-$V"},
		{
			name: "a part of a value", file: "ARG V=3.4\nFROM a:$V\nFROM b:${V%.*}", to: []string{"4.0", "4"}, want: "ARG V=3.4\nFROM a:$V\nFROM b:${V%.*}",
			rejected: []string{
				`a:$V: "3" also feeds b:${V%.*} (line 3), which needs another value there; give each image a value of its own`,
				`b:${V%.*}: "3.4" also feeds a:$V (line 2), which needs another value there; give each image a value of its own`,
			},
		},
		{name: "no tag to move", file: "FROM a", to: []string{"2"}, want: "FROM a", rejected: []string{"a: no tag is written that could be moved"}},
		{name: "no tag", file: "FROM a:1", to: []string{"2 3"}, want: "FROM a:1", rejected: []string{`a:1: "2 3" is no tag`}},
		{name: "no digest", file: "FROM a:1", to: []string{"2@sha256:12"}, want: "FROM a:1", rejected: []string{`a:1: "sha256:12" is no digest`}},
		{
			name: "a pin needs its digest", file: "FROM a:1@" + d1, to: []string{"2"}, want: "FROM a:1@" + d1,
			rejected: []string{"a:1@" + d1 + ": the reference is pinned to a digest; a move needs the new digest too"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var moves []Move
			for i, ref := range Extract("Dockerfile", []byte(test.file)).References {
				tag, digest, _ := strings.Cut(test.to[i], "@")
				if test.to[i] == "" {
					tag, digest = ref.Tag, ref.Digest
				}
				moves = append(moves, Move{Reference: ref, Tag: tag, Digest: digest})
			}
			edits, rejected := Edits(moves)
			out, err := Apply([]byte(test.file), edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(out)); diff != "" {
				t.Error(diff)
			}
			var reasons []string
			for _, r := range rejected {
				reasons = append(reasons, r.Move.Reference.Raw+": "+r.Reason)
			}
			if diff := cmp.Diff(test.rejected, reasons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestApply(t *testing.T) {
	t.Parallel()
	edit := func(start, end int, old, text string) Edit {
		return Edit{Span: Span{Start: start, End: end}, Old: old, New: text}
	}
	tests := []struct {
		name      string
		edits     []Edit
		want, err string
	}{
		{name: "none", want: "abcdef"},
		{name: "in any order, touching", edits: []Edit{edit(3, 3, "", "+"), edit(2, 3, "c", "C"), edit(0, 1, "a", "A"), edit(3, 4, "d", "D")}, want: "AbC+Def"},
		{name: "at the end", edits: []Edit{edit(6, 6, "", "g")}, want: "abcdefg"},
		{name: "another text", edits: []Edit{edit(0, 1, "x", "A")}, err: `edit bytes 0 to 1: expected "x", found "a"`},
		{name: "overlap", edits: []Edit{edit(0, 2, "ab", "x"), edit(1, 3, "bc", "y")}, err: "edit bytes 1 to 3 of 6: overlaps another edit, or lies outside the file"},
		{name: "twice at one place", edits: []Edit{edit(1, 1, "", "x"), edit(1, 1, "", "y")}, err: "edit bytes 1 to 1 of 6: overlaps another edit, or lies outside the file"},
		{name: "outside", edits: []Edit{edit(5, 7, "f", "x")}, err: "edit bytes 5 to 7 of 6: overlaps another edit, or lies outside the file"},
		{name: "backwards", edits: []Edit{edit(3, 2, "", "x")}, err: "edit bytes 3 to 2 of 6: overlaps another edit, or lies outside the file"},
		{name: "before the file", edits: []Edit{edit(-1, 0, "", "x")}, err: "edit bytes -1 to 0 of 6: overlaps another edit, or lies outside the file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := []byte("abcdef")
			out, err := Apply(data, test.edits)
			if got := errText(err); got != test.err || string(out) != test.want {
				t.Errorf("Apply = %q, %q; want %q, %q", out, got, test.want, test.err)
			}
			if string(data) != "abcdef" {
				t.Errorf("Apply changed its input to %q", data)
			}
		})
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
