package manifest

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/dockerfile"
)

// envMark parts, in the fuzzer's input, a file from the .env file beside it.
const envMark = "\x00.env\n"

// FuzzExtract reads files of every kind: no panic, what is found is in the file, moving nothing changes nothing, moving everything
// changes what was moved or says why not, and no line is touched that owns no part of a reference. The golden cases are the seeds.
func FuzzExtract(f *testing.F) {
	cases, err := filepath.Glob("testdata/*/*/input")
	if err != nil {
		f.Fatal(err)
	}
	for _, input := range cases {
		files := tree(f, input)
		for _, name := range slices.Sorted(maps.Keys(files)) {
			data := files[name]
			if env, ok := files[path.Join(path.Dir(name), dotenv)]; ok {
				data = slices.Concat(data, []byte(envMark), env)
			}
			f.Add(name, data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		data, env, _ := bytes.Cut(data, []byte(envMark))
		files := map[string][]byte{path.Join(path.Dir(name), dotenv): env, name: data}
		e := Set{}.extractAll(files)
		for _, ref := range e.References {
			file := dockerfile.NewFile(ref.File, files[ref.File])
			if !file.Holds(ref.Span, ref.Raw) || ref.Image == "" || ref.Tag == "" && ref.Digest == "" {
				t.Errorf("%+v of %q", ref, data)
			}
			for _, piece := range ref.Pieces {
				file := file
				if piece.File != "" {
					file = dockerfile.NewFile(piece.File, files[piece.File])
				}
				if line, _ := file.Position(piece.Start); !file.Holds(piece.Span, piece.Value) || line != piece.Line {
					t.Errorf("piece %+v of %q", piece, data)
				}
			}
		}
		for _, skipped := range e.Skipped {
			if strings.Contains(skipped.Reason, brokeParser) {
				t.Errorf("%q breaks a parser", data)
			}
		}
		if changed, rejected, err := (Set{}).Rewrite(files, nil); err != nil || len(rejected)+len(changed) > 0 {
			t.Errorf("moving nothing: %q, %v, %v", changed, rejected, err)
		}
		everything(t, files, e)
	})
}

// everything pins every reference to a digest.
func everything(t *testing.T, files map[string][]byte, before dockerfile.Extraction) {
	t.Helper()
	var moves []dockerfile.Move
	for _, ref := range before.References {
		moves = append(moves, dockerfile.Move{Reference: ref, Digest: "sha256:" + strings.Repeat("9", 64)})
	}
	changed, rejected, err := Set{}.Rewrite(files, moves)
	if err != nil {
		t.Fatal(err)
	}
	refused := map[spot]bool{}
	for _, one := range rejected {
		refused[spotOf(one.Move.Reference)] = true
	}
	after := maps.Clone(files)
	maps.Copy(after, changed)
	for i, ref := range (Set{}).extractAll(after).References {
		want := before.References[i].Digest
		if !refused[spotOf(before.References[i])] {
			want = moves[i].Digest
		}
		if ref.Digest != want {
			t.Errorf("reference %d of %q has %s after the move: %q", i, files, ref.Digest, after)
		}
	}
	for name := range changed {
		untouched(t, name, files[name], after[name], before)
	}
}

// untouched checks that the lines of a file that own no part of a reference are all there, in order.
func untouched(t *testing.T, name string, data, out []byte, before dockerfile.Extraction) {
	t.Helper()
	file := dockerfile.NewFile(name, data)
	owned := map[int]bool{}
	own := func(in string, span dockerfile.Span) {
		if in == name {
			first, _ := file.Position(span.Start)
			last, _ := file.Position(span.End)
			for ; first <= last; first++ {
				owned[first] = true
			}
		}
	}
	for _, ref := range before.References {
		own(ref.File, ref.Span)
		for _, piece := range ref.Pieces {
			own(cmp.Or(piece.File, ref.File), piece.Span)
		}
		if ref.Pin != nil {
			own(ref.File, dockerfile.Span{Start: ref.Pin.At, End: ref.Pin.At})
		}
	}
	left := bytes.Split(out, []byte("\n"))
	for i, line := range bytes.Split(data, []byte("\n")) {
		if owned[i+1] {
			continue
		}
		at := slices.IndexFunc(left, func(other []byte) bool { return bytes.Equal(line, other) })
		if at < 0 {
			t.Fatalf("line %d of %q was changed: %q", i+1, data, out)
		}
		left = left[at+1:]
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
				everything(t, map[string][]byte{file.path: []byte(file.data)}, e)
				t.Logf("moved after %v", time.Since(start))
			}
		})
	}
}
