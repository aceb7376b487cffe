package worker_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/basebump/basebump/testdata/debian12"
	gocmp "github.com/google/go-cmp/cmp"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	got, err := worker.Status(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := wire.Database{
		Path: filepath.Join(dir, "6"), Schema: "6.1.10", Built: built,
		Providers: []wire.Provider{{Name: "debian", Captured: got.Providers[0].Captured}},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Providers[0].Captured.IsZero() || got.Providers[0].Captured.After(built) {
		t.Errorf("captured at %s", got.Providers[0].Captured)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "6"))
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v: want import.json and vulnerability.db", entries, err)
	}
}

// A provider folder as it comes from elsewhere may have nothing but results.
func TestBuildWithoutMetadata(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "from"), t.TempDir()
	if err := os.CopyFS(from, debian12.Advisories()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"metadata.json", "results/listing.xxh64"} {
		if err := os.Remove(filepath.Join(from, "debian", filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	if err := worker.Build(t.Context(), from, to, built); err != nil {
		t.Fatal(err)
	}
	got, err := worker.Status(to)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]wire.Provider{{Name: "debian", Captured: built}}, got.Providers); diff != "" {
		t.Error(diff)
	}
}

func TestBuildRefuses(t *testing.T) {
	t.Parallel()
	changed := filepath.Join(t.TempDir(), "changed")
	if err := os.CopyFS(changed, debian12.Advisories()); err != nil {
		t.Fatal(err)
	}
	apt := filepath.Join(changed, "debian", "results", "debian@12", "apt.json")
	if err := os.WriteFile(apt, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	junk := filepath.Join(t.TempDir(), "junk")
	write(t, filepath.Join(junk, "debian", "results", "a.json"), "not json")
	for _, tc := range []struct{ name, from, want string }{
		{"no folder", filepath.Join(t.TempDir(), "none"), "read providers"},
		{"no provider", t.TempDir(), "no provider in "},
		{"a file that is not as listed", changed, "hash mismatch"},
		{"no advisory", junk, "build database from "},
	} {
		to := t.TempDir()
		err := worker.Build(t.Context(), tc.from, to, built)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
		isEmpty(t, to)
	}
}

func TestNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := worker.Open(t.Context(), dir)
	want := "no vulnerability database in " + dir + "; run `basebump db update`, or give `scanners[0].db_dir`"
	if err == nil || fault.Text(err) != want {
		t.Errorf("got %v", err)
	}
	write(t, filepath.Join(dir, "vulnerability.db"), "not a database")
	if _, err := worker.Open(t.Context(), dir); err == nil || !strings.HasPrefix(err.Error(), "open vulnerability database "+dir+": ") {
		t.Errorf("of a broken database: %v", err)
	}
}

func TestStatusSeesDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(source, "6"))); err != nil {
		t.Fatal(err)
	}
	if _, err := worker.Status(dir); err != nil {
		t.Fatalf("a folder given by itself: %v", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "vulnerability.db"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("more"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := worker.Status(dir); err == nil || !strings.Contains(err.Error(), "its checksum is xxh64:") {
		t.Errorf("got %v", err)
	}
}

// published is a server of a database in the form in which Grype publishes its own.
type published struct {
	*httptest.Server
	requests []string
	listing  string
	archive  []byte
}

func publish(t *testing.T) *published {
	t.Helper()
	p := &published{archive: packed(t)}
	p.listing = fmt.Sprintf(`{"status":"active","schemaVersion":"v6.1.10","built":"2026-11-23T05:12:00Z","path":"db_v6.tar.gz","checksum":"sha256:%x"}`,
		sha256.Sum256(p.archive))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /databases/v6/latest.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, p.listing) })
	mux.HandleFunc("GET /databases/v6/db_v6.tar.gz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(p.archive) })
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.requests = append(p.requests, r.URL.Path)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *published) updater(dir string) worker.Updater {
	return worker.Updater{Client: p.Client(), URL: p.URL + "/databases/", Dir: dir}
}

// packed is the database as an archive.
func packed(t *testing.T) []byte {
	t.Helper()
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "6", "vulnerability.db"))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	if err := w.WriteHeader(&tar.Header{Name: "vulnerability.db", Size: int64(len(data)), Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	for _, c := range []io.Closer{w, zip} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	server, dir := publish(t), t.TempDir()
	for _, want := range []struct {
		installed bool
		requests  []string
	}{
		{true, []string{"/databases/v6/latest.json", "/databases/v6/db_v6.tar.gz"}},
		{false, []string{"/databases/v6/latest.json"}}, // it is there already
	} {
		server.requests = nil
		when, installed, err := server.updater(dir).Update(t.Context())
		if err != nil || installed != want.installed || !when.Equal(built) {
			t.Errorf("Update = %s, %v, %v", when, installed, err)
		}
		if diff := gocmp.Diff(want.requests, server.requests); diff != "" {
			t.Error(diff)
		}
	}
	got, err := worker.Status(dir)
	if err != nil || !got.Built.Equal(built) {
		t.Errorf("Status = %+v, %v", got, err)
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*published)
		want   string
	}{
		{"a wrong checksum", func(p *published) { p.archive = append(p.archive, 0) }, "its listing says sha256:"},
		{"another schema", func(p *published) { p.listing = strings.Replace(p.listing, "v6.1.10", "v7.0.0", 1) }, "this scanner reads 6"},
		{"an empty listing", func(p *published) { p.listing = "{}" }, "it does not name a database"},
		{"a listing that is none", func(p *published) { p.listing = "<html>" }, "unable to parse DB latest.json"},
		{"a path that climbs", func(p *published) { p.listing = strings.Replace(p.listing, "db_v6", "../../../etc/db_v6", 1) }, "the server answered 404"},
		{"no database in it", func(p *published) {
			p.archive = []byte("junk")
			p.listing = fmt.Sprintf(`{"status":"active","schemaVersion":"v6.1.10","built":"2026-11-23T05:12:00Z","path":"db_v6.tar.gz","checksum":"sha256:%x"}`, sha256.Sum256(p.archive))
		}, "import database "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server, dir := publish(t), t.TempDir()
			tc.change(server)
			_, installed, err := server.updater(dir).Update(t.Context())
			if err == nil || installed || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
			isEmpty(t, dir)
		})
	}
}

func TestImportKeepsTheOldDatabaseWhenItFails(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "db.tar.gz")
	if err := os.WriteFile(file, packed(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := worker.Import(file, dir); err != nil {
		t.Fatal(err)
	}
	write(t, file, "junk")
	if err := worker.Import(file, dir); err == nil {
		t.Error("junk was imported")
	}
	if got, err := worker.Status(dir); err != nil || !got.Built.Equal(built) {
		t.Errorf("Status = %+v, %v", got, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// isEmpty checks that nothing was left in a folder, not even a hidden file.
func isEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
