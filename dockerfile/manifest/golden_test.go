package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/dockerfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden reads testdata/<kind>/<case>/input, compares what is found with references.json, moves every reference by the rule
// of golden.move, and compares the files with expected/. What was rejected is in rejected.txt, and what comments say to leave alone in ignored.txt, where there is some.
func TestGolden(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*/*/input")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, input := range cases {
		dir := filepath.Dir(input)
		t.Run(strings.TrimPrefix(dir, "testdata/"), func(t *testing.T) {
			t.Parallel()
			golden{dir: dir, kind: filepath.Base(filepath.Dir(dir))}.run(t)
		})
	}
}

// TestEveryKindHasCases: a kind without a golden case is a kind that nobody has seen work.
func TestEveryKindHasCases(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		if cases, err := filepath.Glob("testdata/" + kind.Name + "/*/references.json"); err != nil || len(cases) == 0 {
			t.Errorf("%s has no golden case (%v)", kind.Name, err)
		}
	}
}

// golden is one case.
type golden struct{ dir, kind string }

func (g golden) run(t *testing.T) {
	var rejected strings.Builder
	files := tree(t, filepath.Join(g.dir, "input"))
	set := g.set(t)
	all := set.extractAll(files)
	var moves []dockerfile.Move
	for _, ref := range all.References {
		if !set.MayHold(ref.File, int64(len(files[ref.File]))) && ref.Via == "" {
			t.Errorf("%s is not taken for a file that may hold references", ref.File)
		}
		if ref.Kind != g.kind {
			t.Errorf("%s:%d is of kind %s", ref.File, ref.Line, ref.Kind)
		}
		moves = append(moves, g.move(ref))
	}
	changed, refused, err := set.Rewrite(files, moves)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range refused {
		fmt.Fprintf(&rejected, "%s:%d: %s: %s\n", one.Move.Reference.File, one.Move.Reference.Line, one.Move.Reference.Raw, one.Reason)
	}
	compare(t, filepath.Join(g.dir, "ignored.txt"), ignored(all))
	for path, data := range files {
		if out, ok := changed[path]; ok {
			data = out
		}
		compare(t, filepath.Join(g.dir, "expected", path), data)
	}
	var list bytes.Buffer
	encoder := json.NewEncoder(&list)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(all); err != nil {
		t.Fatal(err)
	}
	compare(t, filepath.Join(g.dir, "references.json"), list.Bytes())
	compare(t, filepath.Join(g.dir, "rejected.txt"), []byte(rejected.String()))
}

// ignored lists what comments say to leave alone.
func ignored(all dockerfile.Extraction) []byte {
	var list []byte
	for _, skipped := range all.Heed(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).Skipped {
		if strings.HasPrefix(skipped.Reason, "ignored") {
			list = fmt.Appendf(list, "%s:%d: %s: %s\n", skipped.File, skipped.Line, skipped.Raw, skipped.Reason)
		}
	}
	return list
}

// set is the kinds of the case: this package's, and those of the file "patterns", if there is one.
func (g golden) set(t *testing.T) Set {
	data, err := os.ReadFile(filepath.Join(g.dir, "patterns"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var patterns []Pattern
	for line := range strings.Lines(string(data)) {
		key, expression, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		compiled := regexp.MustCompile(expression)
		if key == "files" {
			patterns = append(patterns, Pattern{Files: compiled.MatchString})
		} else {
			patterns[len(patterns)-1].Find = compiled
		}
	}
	return With(patterns...)
}

var firstNumber = regexp.MustCompile(`[0-9]+`)

// move is the rule of the golden cases: the first number of the tag goes up by one, and the digest, if there is a place for one, is that of image and tag.
func (g golden) move(ref dockerfile.Reference) dockerfile.Move {
	tag := ref.Tag
	if at := firstNumber.FindStringIndex(tag); at != nil {
		number, _ := strconv.Atoi(tag[at[0]:at[1]])
		tag = tag[:at[0]] + strconv.Itoa(number+1) + tag[at[1]:]
	}
	move := dockerfile.Move{Reference: ref, Tag: tag}
	if ref.Pin != nil || ref.Digest != "" {
		move.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(ref.Image+":"+tag)))
	}
	return move
}

// tree reads the files of a folder, by their path in it.
func tree(t testing.TB, root string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// compare checks a golden file, or writes it when asked to; an empty one is not kept.
func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, got) {
			return // the page of kinds may be reading it
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			return
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}
