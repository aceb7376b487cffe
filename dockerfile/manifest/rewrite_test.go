package manifest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/dockerfile"
)

// TestRewrite moves the references of a file to new tags alone.
// rewrite is Set.Rewrite for a file that stands alone.
func rewrite(set Set, path string, data []byte, moves []dockerfile.Move) ([]byte, []dockerfile.Rejected, error) {
	changed, rejected, err := set.Rewrite(map[string][]byte{path: data}, moves)
	if out, ok := changed[path]; ok {
		return out, rejected, err
	}
	if err != nil {
		return nil, rejected, err
	}
	return data, rejected, nil
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, file string
		tags             []string // in order; "" for a reference that is not moved
		want             string
		rejected         []string
	}{
		{name: "one of two", path: "compose.yaml", file: "services: {a: {image: a:1}, b: {image: a:1}}", tags: []string{"", "2"}, want: "services: {a: {image: a:1}, b: {image: a:2}}"},
		{name: "a bare number stays text", path: "values.yaml", file: "image:\n  repository: a\n  tag: 1.10 # x\n", tags: []string{"1.20"}, want: "image:\n  repository: a\n  tag: \"1.20\" # x\n"},
		{name: "a quoted number keeps its quotes", path: "values.yaml", file: "image: {repository: a, tag: '1.10'}", tags: []string{"1.20"}, want: "image: {repository: a, tag: '1.20'}"},
		{name: "a bare text stays bare", path: "values.yaml", file: "image: {repository: a, tag: v1}", tags: []string{"v2"}, want: "image: {repository: a, tag: v2}"},
		{name: "a bare text becomes a number", path: "values.yaml", file: "image: {repository: a, tag: v1}", tags: []string{"2024_01"}, want: "image: {repository: a, tag: \"2024_01\"}"},
		{
			name: "an ARG that another image uses stays", path: "Dockerfile", file: "ARG V=1\nFROM a:$V\nFROM b:$V\nFROM c:1", tags: []string{"2", "", "2"},
			want: "ARG V=1\nFROM a:$V\nFROM b:$V\nFROM c:2",
			rejected: []string{
				`a:$V: "1" also feeds b:$V (line 3), which stays as it is; give each image a value of its own`,
			},
		},
		{
			name: "a change that is computed away is not made", path: "Dockerfile", file: "ARG V=1.2\nFROM a:${V%%.*}\nFROM c:1", tags: []string{"2.5", "2"},
			want: "ARG V=1.2\nFROM a:${V%%.*}\nFROM c:2", rejected: []string{"a:${V%%.*}: a:${V%%.*} (line 2) would come to 2, not 2.5"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var moves []dockerfile.Move
			for i, ref := range Extract(test.path, []byte(test.file)).References {
				if test.tags[i] != "" {
					moves = append(moves, dockerfile.Move{Reference: ref, Tag: test.tags[i]})
				}
			}
			out, rejected, err := rewrite(Set{}, test.path, []byte(test.file), moves)
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

// TestRewriteOtherBytes refuses references that were found in another version of the file.
func TestRewriteOtherBytes(t *testing.T) {
	t.Parallel()
	found := Extract("Dockerfile", []byte("FROM a:1")).References[0]
	for _, now := range []string{"FROM b:1", "FROM a:2", "# x\nFROM a:1", ""} {
		_, _, err := rewrite(Set{}, "Dockerfile", []byte(now), []dockerfile.Move{{Reference: found, Tag: "3"}})
		if err == nil || err.Error() != "rewrite Dockerfile: line 1 no longer holds a:1" {
			t.Errorf("Rewrite of %q: %v", now, err)
		}
	}
}

// TestBrokenFiles states what is said of files that cannot be read.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, file, want string }{
		{"pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  image: a:1\n :\n- x\n", "4 kubernetes image: a:1: the file cannot be read: yaml: "},
		{"pod.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n", ""},
		{"pod.json", `{"apiVersion":"v1","kind":"Pod",` + "\n" + `"image": "a:1"`, `2 kubernetes "image": "a:1": the file cannot be read: unexpected EOF`},
		{"notes.yaml", "just: text\n - x\n", ""},
		{"compose.yaml", "services:\n\tweb:\n    image: a:1", "3 compose image: a:1: the file cannot be read: yaml: "},
		{"Dockerfile", "\x7fELF\x00\x01", "1 dockerfile \x7fELF\x00\x01: is binary, not a Dockerfile"},
	} {
		e := Extract(test.path, []byte(test.file))
		got := ""
		for _, s := range e.Skipped {
			line := string(rune('0' + s.Line))
			got += line + " " + s.Kind + " " + s.Raw + ": " + s.Reason
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" || len(e.References) > 0 {
			t.Errorf("%s: %q, want %q; references %v", test.path, got, test.want, e.References)
		}
	}
}
