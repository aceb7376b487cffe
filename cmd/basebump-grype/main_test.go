package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/basebump/basebump/testdata/debian12"
)

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c := command()
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetIn(strings.NewReader(""))
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

func TestDatabaseCommands(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "from"), t.TempDir()
	if err := os.CopyFS(from, debian12.Advisories()); err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, "db", "build", "--from", from, "--to", to); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, "db", "status", "--db-dir", to, "--output", "json")
	if err != nil {
		t.Fatal(err)
	}
	var status wire.Database
	if err := json.Unmarshal([]byte(out), &status); err != nil || status.Path != filepath.Join(to, "6") || status.Built.IsZero() {
		t.Errorf("status %s, %v", out, err)
	}
	other := t.TempDir()
	if _, err := run(t, "db", "import", "--db-dir", other, "--", filepath.Join(to, "6", "vulnerability.db")); err != nil {
		t.Error(err)
	}
	if out, err := run(t, "db", "status", "--db-dir", other); err != nil || !strings.Contains(out, "folder      "+other) {
		t.Errorf("status %s, %v", out, err)
	}
	if out, err := run(t, "serve", "--db-dir", other); err != nil || !strings.HasPrefix(out, `{"scanner":{"name":"grype",`) {
		t.Errorf("serve: %s, %v", out, err)
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)
	db := wire.Database{
		Path: "/var/lib/basebump/db/6", Schema: "6.1.10", Built: built,
		Providers: []wire.Provider{{Name: "debian", Captured: built.Add(-24 * time.Hour)}, {Name: "nvd", Captured: built}},
	}
	var out bytes.Buffer
	if err := show(&out, db, "table", built.Add(90*time.Minute)); err != nil {
		t.Fatal(err)
	}
	want := `folder      /var/lib/basebump/db/6
built       2026-11-23 05:12 UTC (1h30m ago)
schema      6.1.10
advisories  debian, as of 2026-11-22
advisories  nvd, as of 2026-11-23
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

// Errors of the command line are told from those of the work: they have another exit code.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		work bool
	}{
		{[]string{"db", "status"}, false},
		{[]string{"db", "status", "--db-dir", t.TempDir(), "--output", "xml"}, false},
		{[]string{"db", "build", "--from", "x"}, false},
		{[]string{"db", "import", "--db-dir", t.TempDir()}, false},
		{[]string{"nonsense"}, false},
		{[]string{"db", "status", "--db-dir", t.TempDir()}, true},
		{[]string{"serve", "--db-dir", t.TempDir()}, true},
		{[]string{"db", "update", "--db-dir", t.TempDir(), "--url", "http://127.0.0.1:1/databases"}, true},
	} {
		_, err := run(t, tc.args...)
		var work failure
		if err == nil || errors.As(err, &work) != tc.work {
			t.Errorf("%q: %v", tc.args, err)
		}
	}
}
