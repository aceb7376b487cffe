package dockerfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestArgs states what an ARG in FROM comes to and which bytes own it.
func TestArgs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		want       []string
	}{
		{"whole tag", "ARG V=3\nFROM a:${V}", []string{"2:6 docker.io/library/a 3 tag=3@1"}},
		{"part of a tag", "ARG V=18\nFROM a:${V}-x", []string{"2:6 docker.io/library/a 18-x tag=18@1 tag=-x@2"}},
		{"whole image, quoted", "ARG I=\"a:3\"\nFROM $I", []string{"2:6 docker.io/library/a 3 tag=3@1"}},
		{"nested, several on a line", "ARG V=3 \\\n W='4' I=a:$V.${W}\nFROM $I", []string{"3:6 docker.io/library/a 3.4 tag=3@1 tag=.@2 tag=4@2"}},
		{"pieces of everything", "ARG R=r.io N=a T=3 D=" + someDigest + "\nFROM $R/$N:$T@$D", []string{"2:6 r.io/a 3@sha256:01234 tag=3@1 digest=sha256:01234@1"}},
		{"the latest definition", "ARG V=3\nARG V=4\nFROM a:$V", []string{"3:6 docker.io/library/a 4 tag=4@2"}},
		{"a definition is read when it is met", "ARG V=3\nARG I=a:$V\nARG V=4\nFROM $I", []string{"4:6 docker.io/library/a 3 tag=3@1"}},
		{"declaring again keeps the default", "ARG V=3\nARG V\nFROM a:$V", []string{"3:6 docker.io/library/a 3 tag=3@1"}},
		{"stage ARGs are not seen", "ARG V=3\nFROM a:$V\nARG V=4\nFROM b:$V", []string{
			"2:6 docker.io/library/a 3 tag=3@1", "4:6 docker.io/library/b 3 tag=3@1",
		}},
		{"empty default", "ARG S=\"\"\nFROM a:3$S", []string{"2:6 docker.io/library/a 3 tag=3@2"}},
		{"name holds the value too", "ARG NODE18=18\nFROM node18:$NODE18", []string{"2:6 docker.io/library/node18 18 tag=18@1"}},

		{":- unset", "FROM ${R:-docker.io}/a:${V:-3}", []string{"1:6 docker.io/library/a 3 tag=3@1"}},
		{":- empty", "ARG V=\nFROM a:${V:-3}", []string{"2:6 docker.io/library/a 3 tag=3@2"}},
		{":- set", "ARG V=4\nFROM a:${V:-3}", []string{"2:6 docker.io/library/a 4 tag=4@1"}},
		{"- empty", "ARG V=\nFROM a:3${V-4}", []string{"2:6 docker.io/library/a 3 tag=3@2"}},
		{":+ set", "ARG V=4\nFROM a:${V:+3}", []string{"2:6 docker.io/library/a 3 tag=3@2"}},
		{":+ unset", "FROM a:3${V:+-x}", []string{"1:6 docker.io/library/a 3 tag=3@1"}},
		{"+ empty", "ARG V=\nFROM a:${V+3}", []string{"2:6 docker.io/library/a 3 tag=3@2"}},
		{"whole image in a default", "FROM ${I:-a:3@" + someDigest + "}", []string{"1:6 docker.io/library/a 3@sha256:01234 tag=3@1 digest=sha256:01234@1"}},
		{"nested default", "ARG V=3\nFROM ${I:-a:${W:-$V}}", []string{"2:6 docker.io/library/a 3 tag=3@1"}},
		{"trimmed front", "ARG V=v3.4\nFROM a:${V#v}", []string{"2:6 docker.io/library/a 3.4 tag=3.4@1"}},
		{"trimmed end", "ARG V=3.4 R=r.io/\nFROM ${R%/}/a:${V%.*}", []string{"2:6 r.io/a 3 tag=3@1"}},

		{"? set", "ARG V=3\nFROM a:${V:?no}", []string{"2:6 docker.io/library/a 3 tag=3@1"}},
		{"? unset", "FROM a:${V:?say which}", []string{"skip 1: FROM a:${V:?say which}: FROM requires either one or three arguments"}},
		{"? unset, one word", "FROM a:${V?}", []string{"skip 1: a:${V?}: V: is not allowed to be unset"}},
		{"no default", "ARG X\nFROM a:18-${X}", []string{"skip 2: a:18-${X}: ARG X has no default; give it one (ARG X=…)"}},
		{"undefined", "FROM a:$X", []string{"skip 1: a:$X: uses X, which no ARG before the first FROM defines"}},
		{"only in a stage", "FROM a:1\nARG X=2\nFROM a:$X", []string{
			"1:6 docker.io/library/a 1 tag=1@1", "skip 3: a:$X: ARG X stands inside a stage; FROM sees only what stands before the first FROM",
		}},
		{"nothing left", "ARG X=\nFROM $X", []string{"skip 2: $X: comes to nothing"}},
		{"platform in a tag", "FROM a:1-$TARGETARCH", []string{"skip 1: a:1-$TARGETARCH: depends on TARGETARCH, which only a build knows"}},
		{"platform through an ARG", "ARG V=1${TARGETVARIANT:+-x}\nFROM a:$V", []string{"skip 2: a:$V: depends on TARGETVARIANT, which only a build knows"}},
		{"platform given by the file", "ARG TARGETARCH=arm64\nFROM a:$TARGETARCH", []string{"2:6 docker.io/library/a arm64 tag=arm64@1"}},
		{"computed", "ARG V=1-2\nFROM a:${V/-/.}", []string{"skip 2: a:${V/-/.}: is computed by ${V/-/.}; write the value itself"}},
		{"bad substitution", "ARG V=${}\nFROM a:$V\nFROM a:${V:-1", []string{
			"skip 2: a:$V: needs ARG V, whose default is unusable: syntax error: bad substitution", "skip 3: a:${V:-1: syntax error: missing '}'",
		}},
		{"a bomb", "ARG A=" + strings.Repeat("a", 999) + "\nARG B=" + strings.Repeat("$A", 99) + "\nARG C=$B$B\nFROM $C", []string{
			"skip 4: $C: needs ARG B, which is too long for an image",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, show(Extract("Dockerfile", []byte(test.file)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
