package manifest

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/dockerfile"
)

// FuzzExtract reads files of every kind: no panic, what is found is in the file, moving nothing changes nothing, and moving
// everything changes what was moved or says why not. The golden cases are the seeds.
func FuzzExtract(f *testing.F) {
	cases, err := filepath.Glob("testdata/*/*/input")
	if err != nil {
		f.Fatal(err)
	}
	for _, input := range cases {
		files := tree(f, input)
		for _, path := range slices.Sorted(maps.Keys(files)) {
			f.Add(path, files[path])
		}
	}
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		e := Extract(path, data)
		file := dockerfile.NewFile(path, data)
		for _, ref := range e.References {
			if !file.Holds(ref.Span, ref.Raw) || ref.Image == "" || ref.Tag == "" && ref.Digest == "" {
				t.Errorf("%+v of %q", ref, data)
			}
			for _, piece := range ref.Pieces {
				if line, _ := file.Position(piece.Start); !file.Holds(piece.Span, piece.Value) || line != piece.Line {
					t.Errorf("piece %+v of %q", piece, data)
				}
			}
		}
		if out, rejected, err := rewrite(Set{}, path, data, nil); err != nil || len(rejected) > 0 || !bytes.Equal(out, data) {
			t.Errorf("moving nothing: %q, %v, %v", out, rejected, err)
		}
		everything(t, path, data, e)
	})
}

// everything pins every reference to a digest.
func everything(t *testing.T, path string, data []byte, before dockerfile.Extraction) {
	t.Helper()
	var moves []dockerfile.Move
	for _, ref := range before.References {
		moves = append(moves, dockerfile.Move{Reference: ref, Digest: "sha256:" + strings.Repeat("9", 64)})
	}
	out, rejected, err := rewrite(Set{}, path, data, moves)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[dockerfile.Span]bool{}
	for _, one := range rejected {
		refused[one.Move.Reference.Span] = true
	}
	for i, ref := range Extract(path, out).References {
		want := before.References[i].Digest
		if !refused[before.References[i].Span] {
			want = moves[i].Digest
		}
		if ref.Digest != want {
			t.Errorf("reference %d of %q has %s after the move: %q", i, data, ref.Digest, out)
		}
	}
}

func deepIndent(levels int) string {
	var file strings.Builder
	for i := range levels {
		file.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return file.String() + strings.Repeat(" ", levels) + "f(image='a:1')\n"
}

// TestHostileFiles reads files that are made to take long or to take much memory.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	bomb := "apiVersion: v1\nkind: Pod\nx0: &x0 [a,a,a,a,a,a,a,a,a]\n"
	for i := range 60 {
		alias := strings.Repeat("*x"+string(rune('0'+i%10)), 1)
		bomb += strings.ReplaceAll("xN: &xM ["+strings.Repeat(alias+",", 9)+"]\n", "M", string(rune('0'+(i+1)%10)))
	}
	loop := "services: &s\n  a: &a\n    <<: *a\n    image: nginx:1.25\n  b: *s\nx-a: *s\n"
	for name, file := range map[string]struct{ path, data string }{
		"alias bomb":         {"pod.yaml", bomb},
		"alias loop":         {"compose.yaml", loop},
		"object loop":        {"task.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nspec: &a {image: b:1, c: *a, d: [*a, *a]}\n"},
		"deep flow":          {"pod.yaml", "apiVersion: v1\nkind: Pod\nx: " + strings.Repeat("[", 1<<20)},
		"deep block":         {"pod.yaml", "apiVersion: v1\nkind: Pod\nx:" + strings.Repeat("\n- - - - - - - - - - - - - - - - - - - ", 1<<13)},
		"deep JSON":          {"pod.json", `{"apiVersion":"v1","kind":"Pod","x":` + strings.Repeat("[", 1<<20)},
		"many documents":     {"pod.yaml", strings.Repeat("---\napiVersion: v1\nkind: Pod\nimage: a:1\n", 1<<12)},
		"one long scalar":    {"pod.yaml", "apiVersion: v1\nkind: Pod\nimage: \"" + strings.Repeat(`\x61`, 1<<17) + "\"\n"},
		"many interpolation": {"compose.yaml", "services: {a: {image: \"" + strings.Repeat("${A:-", 1<<16) + "\"}}\n"},
		"variable bomb":      {".gitlab-ci.yml", "variables: {A: \"" + strings.Repeat("$A", 400) + "\"}\na: {script: x, image: \"$A$A\"}\n"},
		"HCL variable bomb":  {"a.tf", "variable \"a\" { default = \"" + strings.Repeat("${var.a}", 1<<12) + "\" }\nresource x y { image = \"x:${var.a}\" }\n"},
		"deep HCL":           {"a.tf", "x = " + strings.Repeat("[", 1<<16) + strings.Repeat("\"${", 1<<16)},
		"deep HCL blocks":    {"a.tf", strings.Repeat("a \"b\" {\n", 1<<15)},
		"deep Starlark":      {"MODULE.bazel", "pull(image = " + strings.Repeat("(", 1<<17)},
		"deep negation":      {"MODULE.bazel", "pull(image = " + strings.Repeat("-", 250_000) + "1)"},
		"deep sum":           {"Tiltfile", "x = 'a'" + strings.Repeat(" + 'a'", 40_000) + "\nf(image=x)\n"},
		"deep dots":          {"Tiltfile", "x" + strings.Repeat(".x", 120_000) + "(image='a:1')\n"},
		"deep indent":        {"Tiltfile", deepIndent(500)},
		"name loop":          {"Tiltfile", "a = b + b\nb = a + a\nf(image=a)\n"},
		"deep TOML":          {"project.toml", "builder = " + strings.Repeat("[", 9_000)},
		"deeper TOML":        {"project.toml", "builder = " + strings.Repeat("[", 1<<20)},
		"many ARGs":          {"Dockerfile", strings.Repeat("ARG A=$A$A$A$A$A$A$A$A\n", 1<<12) + "FROM $A\n"},
		"one ARG everywhere": {"Dockerfile", "ARG A=a:1\n" + strings.Repeat("FROM $A\n", 1<<12)},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			e := Extract(file.path, []byte(file.data))
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			t.Logf("%d references, %d skipped, %v", len(e.References), len(e.Skipped), time.Since(start))
			if len(e.References) >= 1<<12 {
				everything(t, file.path, []byte(file.data), e)
				t.Logf("moved after %v", time.Since(start))
			}
		})
	}
}
