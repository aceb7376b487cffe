package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/basebump/basebump/"

// mayImport is the house: for each room, the rooms of ours that it may import. A room covers the folders below it unless they have
// a line of their own. docs/architecture.md draws it.
var mayImport = map[string][]string{
	"config":                {"config"},
	"config/fault":          {},
	"config/egress":         {"config/fault"},
	"dockerfile":            {"dockerfile"},
	"resolver":              {"resolver", "config/fault", "config/egress"},
	"resolver/tag":          {"resolver/tag"},
	"scan":                  {"scan", "config/fault", "config/egress"},
	"bot":                   {"dockerfile", "resolver", "scan", "config/fault"},
	"bot/github":            {"bot", "config/fault"},
	"bot/gitrepo":           {"bot", "config/fault"},
	"bot/store":             {"bot", "scan", "config/fault"},
	"bot/jobs":              {"bot", "config/fault"},
	"bot/web":               {"bot", "config/fault"},
	"bot/github/githubtest": {"bot/github/githubtest"},
	"testdata":              {"scan"},
	"cmd/basebump":          {"bot", "config", "dockerfile", "resolver", "scan", "testdata"},
	"cmd/basebump-grype":    {"scan/grype", "scan/signature/verifier", "config/fault", "config/egress"},
}

// pureRooms do no network I/O: what a repository holds is read without asking anybody.
var pureRooms = []string{"dockerfile", "resolver/tag", "scan", "bot"}

// networked packages are what a pure room may not import. Rooms below (scan/grype, bot/github) are not the room itself.
var networked = []string{"net", "net/http", "os/exec", "github.com/google/go-containerregistry", "github.com/google/go-github", "github.com/anchore"}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	eachImport(t, func(file, room, imported string) {
		if target, ours := strings.CutPrefix(imported, module); ours && !allowed(room, target) {
			t.Errorf("%s: %s may not import %s", file, room, target)
		}
	})
}

func TestPureRoomsDoNoNetworkIO(t *testing.T) {
	t.Parallel()
	eachImport(t, func(file, _, imported string) {
		for _, pure := range pureRooms {
			if path.Dir(file) != pure {
				continue
			}
			for _, forbidden := range networked {
				if imported == forbidden || strings.HasPrefix(imported, forbidden+"/") && imported != "net/url" && imported != "net/netip" {
					t.Errorf("%s: imports %s", file, imported)
				}
			}
		}
	})
}

// heavy is what only one package each may import, directly or through it: it takes minutes to link, or makes a program much larger.
var heavy = map[string]struct{ room, program string }{
	"github.com/anchore/":  {"scan/grype/worker", "cmd/basebump-grype"},
	"github.com/sigstore/": {"scan/signature/verifier", "cmd/basebump-grype"},
}

func TestHeavyLibrariesStandAside(t *testing.T) {
	t.Parallel()
	eachImport(t, func(file, _, imported string) {
		for library, h := range heavy {
			if strings.HasPrefix(imported, library) && path.Dir(file) != h.room {
				t.Errorf("%s: imports %s", file, imported)
			}
			if imported == module+h.room && path.Dir(file) != h.program {
				t.Errorf("%s: imports %s, and %s with it", file, imported, library)
			}
		}
	})
}

// eachImport calls check for every import of every file that is no test.
func eachImport(t *testing.T, check func(file, room, imported string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == "bin" || name == "cmd/warm" || strings.HasPrefix(entry.Name(), ".") && name != "."):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			check(name, path.Dir(name), imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// allowed asks the line of the nearest room at or above the folder; a permitted room covers what lies below it.
func allowed(folder, target string) bool {
	for room := folder; room != "."; room = path.Dir(room) {
		permitted, ok := mayImport[room]
		if !ok {
			continue
		}
		for _, p := range append(permitted, room) {
			if target == p || strings.HasPrefix(target, p+"/") {
				return true
			}
		}
		return false
	}
	return false
}
