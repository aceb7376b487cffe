//go:build scanners

package scantest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// lab is everything that runs: a registry with the images, the scanners and what they need, all on this machine.
type lab struct {
	folder   string // the parents may be entered by others: PostgreSQL does not run as root
	registry string // host:port
	fenced   string // the same behind a name and a password
	clair    string // URL
	trivy    string // URL of the server
}

// The fence's password has in it what programs take for the end of one.
const (
	fenceUser     = "bot"
	fencePassword = "hunter2, or so"
)

// program is the path of a program that the environment names.
func program(t *testing.T, variable string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		t.Fatalf("%s is not set: run `make test-scanners`", variable)
	}
	return path
}

func newLab(t *testing.T) *lab {
	t.Helper()
	folder, err := os.MkdirTemp("", "lab-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	l := &lab{folder: folder}
	l.startRegistry(t)
	l.startClair(t, l.startPostgreSQL(t))
	return l
}

func (l *lab) path(name string) string { return filepath.Join(l.folder, name) }

func (l *lab) write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(l.path(name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return l.path(name)
}

// address is one that nobody listens on.
func address(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// start runs a program until the test ends, and returns when it listens.
func (l *lab) start(t *testing.T, listens string, cmd *exec.Cmd) {
	t.Helper()
	logs, err := os.Create(l.path(filepath.Base(cmd.Path) + ".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = logs, logs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		logs.Close()
	})
	for tick := time.NewTicker(50 * time.Millisecond); ; <-tick.C {
		if conn, err := net.Dial("tcp", listens); err == nil {
			conn.Close()
			return
		}
		if cmd.Process.Signal(syscall.Signal(0)) != nil || t.Context().Err() != nil {
			said, _ := os.ReadFile(logs.Name())
			t.Fatalf("%s does not start:\n%s", cmd.Path, said)
		}
	}
}

func (l *lab) startRegistry(t *testing.T) {
	l.registry = address(t)
	config := l.write(t, "registry.yml", fmt.Sprintf("version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: %q}\nlog: {level: error}\n",
		l.path("registry"), l.registry))
	l.start(t, l.registry, exec.Command("docker-registry", "serve", config))
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: l.registry})
	fence := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, _ := r.BasicAuth(); name != fenceUser || password != fencePassword {
			w.Header().Set("WWW-Authenticate", `Basic realm="fence"`)
			http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`, http.StatusUnauthorized)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(fence.Close)
	l.fenced = fence.Listener.Addr().String()
}

// startPostgreSQL returns the port.
func (l *lab) startPostgreSQL(t *testing.T) string {
	data := l.path("postgresql")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	as := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		as.Credential = unprivileged(t, data)
	}
	bin := program(t, "PG_BIN")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "clair", "--no-sync", "-E", "UTF8", "--locale=C")
	initdb.SysProcAttr, initdb.Dir = as, data
	if said, err := initdb.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, said)
	}
	listens := address(t)
	_, port, _ := net.SplitHostPort(listens)
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off")
	server.SysProcAttr, server.Dir = as, data
	l.start(t, listens, server)
	return port
}

// unprivileged is the user as whom PostgreSQL runs when we are root; the folder becomes its own.
func unprivileged(t *testing.T, folder string) *syscall.Credential {
	t.Helper()
	account, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(account.Uid)
	gid, _ := strconv.Atoi(account.Gid)
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func (l *lab) startClair(t *testing.T, port string) {
	listens := address(t)
	l.clair = "http://" + listens
	empty := l.write(t, "empty.json", `{"data":{}}`)
	database := fmt.Sprintf("connstring: host=127.0.0.1 port=%s user=clair dbname=postgres sslmode=disable\n  migrations: true", port)
	config := l.write(t, "clair.yaml", fmt.Sprintf(`http_listen_addr: %[1]s
introspection_addr: %[2]s
log_level: warn
indexer:
  %[3]s
  airgap: true
  scanlock_retry: 1
  layer_scan_concurrency: 4
  scanner:
    repo: {rhel-repository-scanner: {repo2cpe_mapping_file: %[4]s, disable_api: true}}
    package:
      rhel_containerscanner: {name2repos_mapping_file: %[4]s}
      java: {disable_api: true}
matcher:
  %[3]s
  disable_enrichment: true
  disable_updaters: true
notifier:
  %[3]s
  delivery_interval: 1h
  poll_interval: 1h
`, listens, address(t), database, empty))
	l.start(t, listens, exec.Command(program(t, "CLAIR"), "-conf", config, "-mode", "combo"))
}

// importIntoClair replaces what Clair knows by the advisories, filed under a release.
func (l *lab) importIntoClair(t *testing.T, version, codename string) {
	t.Helper()
	data := l.write(t, "clair.ndjson", run(t, exec.Command("go", "run", "../../testdata/scanners/clairdata", "-version", version, "-codename", codename)))
	run(t, exec.Command(program(t, "CLAIRCTL"), "-q", "-c", l.path("clair.yaml"), "import-updaters", data))
}

// trivyCache is a cache folder of Trivy with the advisories, filed under a release.
func (l *lab) trivyCache(t *testing.T, release string, built time.Time) string {
	t.Helper()
	cache := t.TempDir()
	run(t, exec.Command("go", "run", "../../testdata/scanners/trivydb", "-release", release, "-built", built.UTC().Format(time.RFC3339), cache))
	return cache
}

const trivyToken = "s3cret"

func (l *lab) startTrivyServer(t *testing.T, cache string) {
	listens := address(t)
	l.trivy = "http://" + listens
	l.start(t, listens, exec.Command(program(t, "TRIVY"), "server", "--listen="+listens, "--cache-dir="+cache, "--skip-db-update", "--token="+trivyToken, "--no-progress"))
}

// grypeDatabase is a folder with the advisories as the embedded scanner's database.
func (l *lab) grypeDatabase(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	run(t, exec.Command(program(t, "BASEBUMP_GRYPE"), "db", "build", "--from", "../../testdata/debian12/advisories", "--to", folder))
	return folder
}

// run returns what a program prints.
func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		said := ""
		if exit, ok := err.(*exec.ExitError); ok {
			said = string(exit.Stderr)
		}
		t.Fatalf("%s: %v\n%s", cmd, err, said)
	}
	return string(out)
}
