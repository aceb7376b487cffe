package trivy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/process/processtest"
	"github.com/basebump/basebump/scan/trivy"
)

func TestMain(m *testing.M) { processtest.Main(m) }

var (
	built = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	now   = built.Add(12 * time.Hour)
)

// target is an image for which credentials are known.
func target() scan.Target {
	return scan.Target{
		Image: "docker.io/library/debian", Digest: "sha256:52c2", Platform: "linux/amd64",
		Access: scan.Access{Repository: "127.0.0.1:5000/library/debian", Insecure: true, Username: "bot", Password: "hunter2, with space"},
	}
}

// recorded is an answer of a real Trivy about a real image.
func recorded(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "scanners", "recorded", "trivy", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// metadata is what stands beside a database that was built at a time.
func metadata(t *testing.T, version int, at time.Time) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"Version": version, "UpdatedAt": at, "NextUpdate": at.Add(24 * time.Hour), "DownloadedAt": at})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// cache is a cache folder with a database.
func cache(t *testing.T, metadata string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "db", "metadata.json"), []byte(metadata), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func version(t *testing.T) processtest.Answer {
	return processtest.Answer{When: []string{"version"}, Stdout: recorded(t, "version")}
}

func options(fake *processtest.Fake, cache string) trivy.Options {
	return trivy.Options{Command: fake.Path, CacheDir: cache, MaxDBAge: 5 * 24 * time.Hour, Now: func() time.Time { return now }}
}

func TestScanRunsTrivy(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "trivy", version(t), processtest.Answer{When: []string{"image"}, Stdout: recorded(t, "old")})
	dir := cache(t, metadata(t, 2, built))
	s := trivy.New(options(fake, dir))
	for range 2 {
		report, err := s.Scan(t.Context(), target())
		if err != nil {
			t.Fatal(err)
		}
		if report.Scanner != (scan.Tool{Name: "trivy", Version: "0.69.3"}) || !report.DatabaseBuilt.Equal(built) || len(report.Vulnerabilities) != 88 {
			t.Errorf("got %v of %v with %d matches", report.Scanner, report.DatabaseBuilt, len(report.Vulnerabilities))
		}
	}
	calls := fake.Calls(t)
	if len(calls) != 3 || calls[0].Args[0] != "version" {
		t.Fatalf("its version is asked for once: %v", calls)
	}
	scanned := calls[1]
	want := []string{
		"image", "--quiet", "--no-progress", "--format=json", "--scanners=vuln", "--offline-scan", "--skip-java-db-update",
		"--cache-backend=memory", "--cache-dir=" + dir, "--timeout=5m0s", "--skip-db-update", "--image-src=remote", "--list-all-pkgs",
		"--platform=linux/amd64", "--insecure", "--password-stdin", "127.0.0.1:5000/library/debian@sha256:52c2",
	}
	if d := cmp.Diff(want, scanned.Args); d != "" {
		t.Errorf("arguments (-want +got):\n%s", d)
	}
	if scanned.Stdin != "hunter2, with space" {
		t.Errorf("standard input is %q", scanned.Stdin)
	}
	env := slices.DeleteFunc(scanned.Env, func(v string) bool { return !strings.HasPrefix(v, "TRIVY_") })
	slices.Sort(env)
	wantEnv := []string{"TRIVY_DISABLE_TELEMETRY=true", "TRIVY_SKIP_VERSION_CHECK=true", "TRIVY_SKIP_VEX_REPO_UPDATE=true", "TRIVY_USERNAME=bot"}
	if d := cmp.Diff(wantEnv, env); d != "" {
		t.Errorf("environment (-want +got):\n%s", d)
	}
	for _, c := range calls {
		if strings.Contains(fmt.Sprint(c.Args, c.Env), "hunter2") {
			t.Errorf("the password is on show: %v", c)
		}
		if _, err := os.Stat(c.Folder); !os.IsNotExist(err) {
			t.Errorf("%s was not given back: %v", c.Folder, err)
		}
	}
}

func TestScanWithATokenAndWithout(t *testing.T) {
	t.Parallel()
	for name, access := range map[string]scan.Access{
		"token": {Repository: "ghcr.io/acme/api", Token: "t0ken"}, "nobody": {Repository: "ghcr.io/acme/api"},
	} {
		fake := processtest.New(t, "trivy", version(t), processtest.Answer{Stdout: recorded(t, "old")})
		image := scan.Target{Image: "ghcr.io/acme/api", Digest: "sha256:1", Access: access}
		if _, err := trivy.New(options(fake, cache(t, metadata(t, 2, built)))).Scan(t.Context(), image); err != nil {
			t.Fatal(err)
		}
		call := fake.Calls(t)[1]
		if got := slices.Contains(call.Env, "TRIVY_REGISTRY_TOKEN=t0ken"); got != (name == "token") || call.Stdin != "" {
			t.Errorf("%s: environment %q, standard input %q", name, call.Env, call.Stdin)
		}
		for _, flag := range []string{"--insecure", "--password-stdin", "--platform="} {
			if slices.Contains(call.Args, flag) {
				t.Errorf("%s: arguments %q", name, call.Args)
			}
		}
	}
}

// server is a Trivy server that tells its version; the scanning is the program's business.
func server(t *testing.T, status int, answer string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /trivy/version", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestScanWithAServer(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "trivy", processtest.Answer{When: []string{"image"}, Stdout: recorded(t, "old")})
	remote := server(t, http.StatusOK, `{"Version":"0.70.0","VulnerabilityDB":`+metadata(t, 2, built)+`}`)
	o := options(fake, t.TempDir())
	o.Server, o.Token = remote.URL+"/trivy", "s3cret"
	report, err := trivy.New(o).Scan(t.Context(), target())
	if err != nil {
		t.Fatal(err)
	}
	if report.Scanner.Version != "0.70.0" || !report.DatabaseBuilt.Equal(built) {
		t.Errorf("got %v of %v, want the server's", report.Scanner, report.DatabaseBuilt)
	}
	call := fake.Calls(t)[0]
	if !slices.Contains(call.Args, "--server="+remote.URL+"/trivy") || slices.Contains(call.Args, "--skip-db-update") || !slices.Contains(call.Env, "TRIVY_TOKEN=s3cret") {
		t.Errorf("arguments %q, environment %q", call.Args, call.Env)
	}
}

func TestServerFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		answer string
		want   string
	}{
		{"none there", http.StatusNotFound, "", "ask the Trivy server for its database: it answered 404 Not Found"},
		{"no database yet", http.StatusOK, `{"Version":"0.69.3"}`, "the Trivy server has no vulnerability database yet; see whether it can fetch one"},
		{"another server", http.StatusOK, "<html>", "ask the Trivy server for its database: decode its answer: invalid character '<' looking for beginning of value"},
		{
			"a stale database", http.StatusOK, `{"Version":"0.69.3","VulnerabilityDB":` + metadata(t, 2, built.Add(-9*24*time.Hour)) + `}`,
			"the vulnerability database is 9 days old, built 2026-11-14 06:00 UTC; max_db_age is 5 days; see why the Trivy server does not update its database, or raise `max_db_age`",
		},
	} {
		fake := processtest.New(t, "trivy")
		o := options(fake, t.TempDir())
		o.Server = server(t, tc.status, tc.answer).URL + "/trivy"
		_, _, err := trivy.New(o).Identity(t.Context())
		if fault.Text(err) != tc.want || fault.ClassOf(err) != fault.Retry {
			t.Errorf("%s: got %q of class %q", tc.name, fault.Text(err), fault.ClassOf(err))
		}
	}
}

func TestScanEndsWithItsContext(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "trivy", version(t), processtest.Answer{Hold: filepath.Join(t.TempDir(), "no", "pipe")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := trivy.New(options(fake, cache(t, metadata(t, 2, built)))).Scan(ctx, target())
	if err == nil || !strings.HasSuffix(err.Error(), "context canceled") || fault.ClassOf(err) != fault.Unknown {
		t.Errorf("got %v of class %q", err, fault.ClassOf(err))
	}
}
