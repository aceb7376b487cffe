package worker_test

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

var built = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

// databaseDir is a database of the real advisories, made once.
var databaseDir = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "worker-test-")
	if err != nil {
		return "", err
	}
	from := filepath.Join(dir, "from")
	if err := os.CopyFS(from, debian12.Advisories()); err != nil {
		return "", err
	}
	return dir, worker.Build(context.Background(), from, dir, built)
})

// TestMain also lets the test binary be the worker's program.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "serve" && os.Args[2] == "--db-dir" {
		if err := worker.Serve(context.Background(), os.Args[3], time.Hour, os.Stdin, os.Stdout); err != nil {
			os.Exit(3)
		}
		return
	}
	dir, err := databaseDir() // before a test has a temporary folder of its own
	code := m.Run()
	if err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

func open(t *testing.T) *worker.Scanner {
	t.Helper()
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	s, err := worker.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// host is an in-process registry; wrap may change its answers.
func host(t testing.TB, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	var handler http.Handler = registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push puts an image into a registry and returns what to scan.
func push(t testing.TB, host string, image v1.Image) scan.Target {
	t.Helper()
	repository := host + "/library/debian"
	ref, err := name.NewTag(repository+":12", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, image); err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: digest.String(),
		Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}
}

func image(t testing.TB, layers ...v1.Layer) v1.Image {
	t.Helper()
	img, err := mutate.AppendLayers(empty.Image, layers...)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// member is one entry of a test's layer.
type member struct {
	name, content string
	kind          byte // tar.TypeReg when zero
	link          string
}

func archive(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, m := range members {
		header := &tar.Header{
			Name: m.name, Typeflag: cmp.Or(m.kind, tar.TypeReg), Linkname: m.link, Size: int64(len(m.content)), Mode: 0o644,
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func layerOf(t testing.TB, members ...member) v1.Layer {
	t.Helper()
	data := archive(t, members...)
	l, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil })
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// rootfs returns the files of one of the real images.
func rootfs(t testing.TB, stage string) []member {
	t.Helper()
	files, err := debian12.Rootfs(stage)
	if err != nil {
		t.Fatal(err)
	}
	var members []member
	err = fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, path)
		members = append(members, member{name: path, content: string(content)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return members
}

func TestScanFindsWhatTheAdvisoriesSay(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	for _, stage := range debian12.Stages() {
		t.Run(stage.Name, func(t *testing.T) {
			t.Parallel()
			target := push(t, registry, image(t, layerOf(t, rootfs(t, stage.Name)...)))
			report, err := scanner.Scan(t.Context(), target)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(expected(t, stage.Name), matchesOf(report)); diff != "" {
				t.Errorf("matches (-want +got):\n%s", diff)
			}
			want := scan.Report{
				Image: "docker.io/library/debian", Digest: target.Digest, PackagesFrom: scan.FromLayers,
				OS:      scan.OS{ID: "debian", Version: "12", Name: "Debian GNU/Linux 12 (bookworm)"},
				Scanner: scan.Tool{Name: "grype", Version: report.Scanner.Version}, DatabaseBuilt: built,
			}
			if got := len(report.Packages); got != 114 {
				t.Errorf("%d packages, want 114", got)
			}
			if !slices.Contains(report.Packages, scan.Package{Name: "zlib1g", Version: "1:1.2.13.dfsg-1", Type: "deb", Source: "zlib"}) {
				t.Error("zlib1g is not listed with its source package")
			}
			report.Packages, report.Vulnerabilities = nil, nil
			if diff := gocmp.Diff(want, report); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func expected(t *testing.T, stage string) []expect.Match {
	t.Helper()
	files, err := debian12.Rootfs(stage)
	if err != nil {
		t.Fatal(err)
	}
	status, err := files.Open("var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	defer status.Close()
	want, err := expect.Matches(status, debian12.Advisories())
	if err != nil {
		t.Fatal(err)
	}
	return sorted(want)
}

func matchesOf(r scan.Report) []expect.Match {
	var got []expect.Match
	for _, v := range r.Vulnerabilities {
		severity := v.Severity.String()
		got = append(got, expect.Match{
			CVE: v.ID, Severity: strings.ToUpper(severity[:1]) + severity[1:], Package: v.Package, Installed: v.Installed, Fixed: v.FixedIn,
		})
	}
	return sorted(got)
}

func sorted(m []expect.Match) []expect.Match {
	slices.SortFunc(m, func(a, b expect.Match) int {
		return cmp.Or(cmp.Compare(a.CVE, b.CVE), cmp.Compare(a.Package, b.Package))
	})
	return m
}
