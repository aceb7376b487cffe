package bot_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file below testdata.
func golden(t *testing.T, path, got string) {
	t.Helper()
	path = filepath.Join("testdata", filepath.FromSlash(path))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; `go test ./bot -update` writes it anew):\n%s", path, d)
	}
}

// TestBody shows what people see of each case: testdata/body/<case>/{title.txt,body.md,check.md}.
func TestBody(t *testing.T) {
	t.Parallel()
	for name, bumps := range bodyCases(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "body/"+name+"/title.txt", bot.Title(bumps)+"\n")
			golden(t, "body/"+name+"/body.md", bot.Body(bumps))
			check := bot.CheckOf(bumps)
			if check == nil {
				return
			}
			golden(t, "body/"+name+"/check.md", strings.Join([]string{"# " + check.Title, check.Summary, check.Text}, "\n\n"))
		})
	}
}
