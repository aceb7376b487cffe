package dockerfile

import (
	"bytes"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/distribution/reference"
	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// accepted is what BuildKit's own stages, copies and mounts name, in canonical form; ok is false when BuildKit refuses the file.
func accepted(data []byte) (images []string, ok bool) {
	result, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	stages, metaArgs, err := instructions.Parse(result.AST, linter.New(&linter.Config{}))
	if err != nil {
		return nil, false
	}
	lex := shell.NewLex(result.EscapeToken)
	env := newScope()
	for _, command := range metaArgs {
		for _, arg := range command.Args {
			if arg.Value == nil {
				continue
			}
			value, _, err := lex.ProcessWord(*arg.Value, env)
			if err != nil || len(value) > maxArg {
				return nil, false
			}
			env.args[arg.Key] = Text{{Value: value}}
		}
	}
	all, begun := map[string]bool{}, map[string]bool{}
	for _, stage := range stages {
		all[stage.Name] = true
	}
	for _, stage := range stages {
		base, _, err := lex.ProcessWord(stage.BaseName, env)
		if err != nil {
			return nil, false
		}
		if !begun[strings.ToLower(base)] {
			images = append(images, base)
		}
		if stage.Name != "" {
			begun[stage.Name] = true
		}
		for _, from := range sources(stage.Commands) {
			if _, err := strconv.Atoi(from); err != nil && !all[strings.ToLower(from)] {
				images = append(images, from)
			}
		}
	}
	return canonical(images)
}

// sources lists what commands copy and mount from.
func sources(commands []instructions.Command) (from []string) {
	for _, command := range commands {
		switch command := command.(type) {
		case *instructions.CopyCommand:
			from = append(from, command.From)
		case *instructions.RunCommand:
			for _, mount := range instructions.GetMounts(command) {
				from = append(from, mount.From)
			}
		}
	}
	return slices.DeleteFunc(from, func(s string) bool { return s == "" })
}

func canonical(images []string) (out []string, ok bool) {
	for _, image := range images {
		if image == scratch {
			continue
		}
		named, err := reference.ParseNormalizedNamed(image)
		if err != nil {
			return nil, false
		}
		out = append(out, reference.TagNameOnly(named).String())
	}
	slices.Sort(out)
	return out, true
}

// full is a reference in the same canonical form.
func full(ref Reference) string {
	out := ref.Image
	if ref.Tag != "" {
		out += ":" + ref.Tag
	}
	if ref.Digest != "" {
		out += "@" + ref.Digest
	}
	return out
}

// agree checks an extraction against what BuildKit makes of the file. What we skip, BuildKit may name. Images of directives and
// of ONBUILD, which BuildKit names nowhere, are left out.
func agree(t *testing.T, data []byte, e Extraction) {
	t.Helper()
	want, ok := accepted(data)
	if !ok {
		return
	}
	var got []string
	for _, ref := range e.References {
		line := NewFile("", data).Line(ref.Line)
		if text := strings.ToLower(string(data[line.Start:line.End])); !strings.Contains(text, "syntax") && !strings.Contains(string(bytes.ToLower(data)), "onbuild") {
			got = append(got, full(ref))
		}
	}
	slices.Sort(got)
	if len(e.Skipped) == 0 && !strings.Contains(string(bytes.ToLower(data)), "onbuild") && !cmp.Equal(want, got) {
		t.Errorf("references differ from BuildKit's:\n%s\nfile: %q", cmp.Diff(want, got), data)
	}
	for _, image := range got {
		if !slices.Contains(want, image) {
			t.Errorf("found %s, which BuildKit does not name (%v) in %q", image, want, data)
		}
	}
}

// sound checks what holds for every extraction of every file.
func sound(t *testing.T, data []byte, e Extraction) {
	t.Helper()
	f := NewFile("", data)
	for _, ref := range e.References {
		if !f.Holds(ref.Span, ref.Raw) {
			t.Errorf("%+v is not in %q", ref, data)
		}
		spelled := map[Field]string{}
		for _, piece := range ref.Pieces {
			spelled[piece.Field] += piece.Value
			if line, _ := f.Position(piece.Start); !f.Holds(piece.Span, piece.Value) || line != piece.Line || piece.Value == "" {
				t.Errorf("piece %+v of %+v is not in %q", piece, ref, data)
			}
		}
		if spelled[Tag] != ref.Tag && ref.Tag != "latest" || spelled[Digest] != ref.Digest || !strings.HasSuffix(ref.Image, spelled[Name][strings.IndexByte(spelled[Name], '/')+1:]) {
			t.Errorf("pieces %v do not spell %+v of %q", ref.Pieces, ref, data)
		}
	}
	for _, skipped := range e.Skipped {
		if skipped.Reason == "" || skipped.Line < 1 {
			t.Errorf("skipped without reason or line: %+v of %q", skipped, data)
		}
	}
}

// buildkitDir is where BuildKit's module stands.
func buildkitDir(t *testing.T) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/moby/buildkit").Output()
	if err != nil {
		t.Skipf("BuildKit's module is not at hand: %v", err)
	}
	return strings.TrimSpace(string(dir))
}

// TestBuildKitFixtures reads the Dockerfiles that BuildKit tests its own parser with, and those that it is built with.
func TestBuildKitFixtures(t *testing.T) {
	t.Parallel()
	files, references := 0, 0
	err := filepath.WalkDir(buildkitDir(t), func(path string, entry fs.DirEntry, err error) error {
		name := strings.ToLower(path)
		if err != nil || entry.IsDir() || !strings.Contains(name, "testfile") && !strings.HasSuffix(name, "dockerfile") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		e := Extract(path, data)
		sound(t, data, e)
		agree(t, data, e)
		files, references = files+1, references+len(e.References)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 80 || references < 60 {
		t.Errorf("read %d files with %d references; the fixtures are missing", files, references)
	}
}

// TestBuildKitTests reads the Dockerfiles that stand in the tests of BuildKit's frontend, as strings.
func TestBuildKitTests(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob(filepath.Join(buildkitDir(t), "frontend", "dockerfile", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	files, compared := 0, 0
	for _, source := range sources {
		parsed, err := goparser.ParseFile(token.NewFileSet(), source, nil, goparser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING || !strings.Contains(strings.ToUpper(literal.Value), "FROM ") {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			e := Extract("Dockerfile", []byte(text))
			sound(t, []byte(text), e)
			agree(t, []byte(text), e)
			roundTrip(t, []byte(text), e)
			files++
			if _, ok := accepted([]byte(text)); ok && len(e.Skipped) == 0 {
				compared++
			}
			return true
		})
	}
	if files < 400 || compared < 300 {
		t.Errorf("read %d files and compared %d", files, compared)
	}
}
