package grype_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype"
	"github.com/google/go-cmp/cmp"
)

var target = scan.Target{Image: "docker.io/library/debian", Digest: "sha256:aa", Platform: "linux/amd64"}

type setup struct {
	*grype.Scanner
	dir string
}

// scanner returns one whose worker behaves as told.
func scanner(t *testing.T, behaviour string, change func(*grype.Options)) setup {
	t.Helper()
	o := grype.Options{Command: os.Args[0], DBDir: t.TempDir(), Now: func() time.Time { return built.Add(3 * time.Hour) }}
	if change != nil {
		change(&o)
	}
	s := setup{grype.New(o), o.DBDir}
	s.behave(t, behaviour)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s setup) behave(t *testing.T, how string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, "behaviour"), []byte(how), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s setup) starts(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "starts"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

func TestOneWorkerServesManyScans(t *testing.T) {
	t.Parallel()
	s := scanner(t, "good", nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			got, err := s.Scan(t.Context(), target)
			if err != nil {
				t.Error(err)
			}
			want := scan.Report{Image: target.Image, Digest: target.Digest, Platform: target.Platform, DatabaseBuilt: built}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	group.Wait()
	tool, when, err := s.Identity(t.Context())
	if err != nil || tool.Name != "grype" || !when.Equal(built) {
		t.Errorf("Identity = %v, %v, %v", tool, when, err)
	}
	if got := s.starts(t); got != 1 {
		t.Errorf("%d workers were started, want 1", got)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	short := func(o *grype.Options) { o.Timeout = 500 * time.Millisecond }
	for _, tc := range []struct {
		behaviour string
		change    func(*grype.Options)
		class     fault.Class
		want      string
	}{
		{"failure", nil, fault.Auth, "read manifest: 401; add credentials under `registries`"},
		{"crash", nil, fault.Retry, "the scanner ended in the middle of its work (exit status 2): panic: index out of range"},
		{"exit", nil, fault.Retry, "the scanner ended in the middle of its work (exit status 2)"},
		{"exit with a word", nil, fault.Retry, "the scanner ended in the middle of its work (exit status 3): basebump-grype: disk full"},
		{"hang", short, fault.Retry, "not done after 500ms, the scanner was stopped; raise `limits.scan_timeout` if the image is that large"},
		{"no hello", short, fault.Retry, "not done after 500ms, the scanner was stopped; raise `limits.scan_timeout` if the image is that large"},
		{"garbage", nil, fault.Retry, "the scanner's answer cannot be read: decode line: invalid character 'S' looking for beginning of value"},
		{"oversized", nil, fault.Retry, "the scanner's answer is longer than 64 MiB"},
		{
			"hungry", func(o *grype.Options) { o.MemoryLimit = 100 << 20 }, fault.Permanent,
			"the scanner used more than 100 MiB of memory and was stopped; raise `limits.scan_memory` if the image is that large",
		},
		{
			"busy", func(o *grype.Options) { o.CPULimit = 200 * time.Millisecond }, fault.Permanent,
			"the scanner used more than 200ms of processor time and was stopped; raise `limits.scan_timeout` if the image is that large",
		},
		{"untidy", func(o *grype.Options) { o.TempLimit = 1 << 20 }, fault.Permanent, "the scanner used more than 1 MiB of temporary space and was stopped"},
		{"another's answer", nil, fault.Retry, "the scanner gave an answer that was not asked for"},
		{"another's image", nil, fault.Retry, "the scanner gave an answer that was not asked for"},
	} {
		t.Run(tc.behaviour, func(t *testing.T) {
			t.Parallel()
			s := scanner(t, tc.behaviour, tc.change)
			_, err := s.Scan(t.Context(), target)
			if err == nil {
				t.Fatal("no error")
			}
			if got, want := fault.Text(err), "scan docker.io/library/debian@sha256:aa: "+tc.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if got := fault.ClassOf(err); got != tc.class {
				t.Errorf("class %q, want %q", got, tc.class)
			}
			if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "basebump-grype-*", "rubbish")); tc.behaviour == "untidy" && len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			s.behave(t, "good")
			if _, err := s.Scan(t.Context(), target); err != nil {
				t.Errorf("the next scan: %v", err)
			}
		})
	}
}

func TestNoDatabase(t *testing.T) {
	t.Parallel()
	s := scanner(t, "no database", nil)
	_, err := s.Scan(t.Context(), target)
	want := "scan docker.io/library/debian@sha256:aa: no vulnerability database in " + s.dir + "; run `basebump db update`"
	if err == nil || fault.Text(err) != want {
		t.Errorf("got %v", err)
	}
}

func TestOldDatabase(t *testing.T) {
	t.Parallel()
	s := scanner(t, "good", func(o *grype.Options) {
		o.MaxDBAge = 5 * 24 * time.Hour
		o.Now = func() time.Time { return built.Add(6*24*time.Hour + time.Hour) }
	})
	_, err := s.Scan(t.Context(), target)
	want := "scan docker.io/library/debian@sha256:aa: the vulnerability database in " + s.dir +
		" is 6 days old, built 2026-11-23 05:12 UTC; max_db_age is 5 days; run `basebump db update`, or raise `scanners[0].max_db_age`"
	if err == nil || fault.Text(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestNoWorker(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := grype.New(grype.Options{DBDir: t.TempDir(), Now: time.Now})
	_, err := s.Scan(t.Context(), target)
	beside := filepath.Join(filepath.Dir(os.Args[0]), "basebump-grype")
	want := "scan docker.io/library/debian@sha256:aa: no scanner: basebump-grype is neither at " + beside +
		" nor on PATH; it comes with basebump: put it beside basebump, or give `scanners[0].command`"
	if err == nil || fault.Text(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestReplacedDatabaseAndRecycling(t *testing.T) {
	t.Parallel()
	s := scanner(t, "good", func(o *grype.Options) { o.Recycle = 2 })
	for _, wantStarts := range []int{1, 1, 2} {
		if _, err := s.Scan(t.Context(), target); err != nil {
			t.Fatal(err)
		}
		if got := s.starts(t); got != wantStarts {
			t.Errorf("%d workers were started, want %d", got, wantStarts)
		}
	}
	if err := os.WriteFile(filepath.Join(s.dir, "vulnerability.db"), []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Identity(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.starts(t); got != 3 {
		t.Errorf("%d workers were started after the database was replaced, want 3", got)
	}
}

func TestEnvironmentAndTemporaryFolder(t *testing.T) {
	t.Setenv("BASEBUMP_GITHUB_TOKEN", "secret")
	t.Setenv("HTTPS_PROXY", "")
	s := scanner(t, "environment", nil)
	report, err := s.Scan(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	temp := ""
	for _, p := range report.Packages {
		if p.Name == "temp" {
			temp = p.Version
		} else {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	want := []string{"GOMEMLIMIT", "GOTRACEBACK", "HTTPS_PROXY", "TMP", "TMPDIR"}
	for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"} {
		if _, ok := os.LookupEnv(name); ok {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(temp); err != nil {
		t.Errorf("the worker's temporary folder: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the worker's temporary folder after its end: %v", err)
	}
}

func TestCancelKillsTheWholeGroup(t *testing.T) {
	t.Parallel()
	s := scanner(t, "hang with a child", nil)
	listener, err := net.Listen("unix", filepath.Join(s.dir, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		grandchild, err := listener.Accept()
		cancel()
		if err != nil {
			t.Error(err)
			return
		}
		if n, err := grandchild.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("the worker's child wrote: %d, %v", n, err)
		}
	}()
	if _, err := s.Scan(ctx, target); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-ended
}

func TestCataloguesComeAndGo(t *testing.T) {
	t.Parallel()
	s := scanner(t, "good", nil)
	_, made, err := s.ScanBy(t.Context(), target, nil)
	if err != nil || string(made) != "packages of sha256:aa" {
		t.Fatalf("made %q, %v", made, err)
	}
	report, again, err := s.ScanBy(t.Context(), target, made)
	if err != nil || again != nil || report.PackagesFrom != scan.FromStored || report.OS.Name != string(made) {
		t.Errorf("%+v, made %q, %v", report, again, err)
	}
	if by, err := s.Cataloguer(t.Context()); err != nil || by != "syft 1" {
		t.Errorf("Cataloguer = %q, %v", by, err)
	}
}

func TestBillsOfMaterials(t *testing.T) {
	t.Parallel()
	s := scanner(t, "good", nil)
	billed := target
	billed.SBOM = &scan.SBOM{Format: scan.SPDX, Data: bytes.Repeat([]byte("bill"), scan.MaxSBOM/4)}
	report, err := s.Scan(t.Context(), billed)
	if err != nil || report.PackagesFrom != scan.FromSBOM || report.OS.Name != "billbill" {
		t.Errorf("%+v, %v", report, err)
	}
	billed.SBOM = &scan.SBOM{Format: scan.SPDX, Data: make([]byte, scan.MaxSBOM+1)}
	_, err = s.Scan(t.Context(), billed)
	if err == nil || fault.Text(err) != "scan docker.io/library/debian@sha256:aa: the bill of materials has more than 32 MiB" {
		t.Errorf("got %v", err)
	}
}
