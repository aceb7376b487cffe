package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/bot/store/sqlite"
	"github.com/basebump/basebump/bot/store/storetest"
	"github.com/basebump/basebump/config/fault"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) storetest.Open {
		path := filepath.Join(t.TempDir(), "new folder", "state 100%?#.db") // the name of a file, not an address
		return func(t *testing.T) store.Store { return open(t, path) }
	})
}

func open(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFileName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, filepath.Join(dir, "state 100%?#.db"))
	if _, err := os.Stat(filepath.Join(dir, "state 100%?#.db")); err != nil {
		t.Error(err)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "basebump.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), path)
	want := "open state " + path + ": file is not a database (26); it is no database, or damaged; move it away, and basebump starts a new one"
	if err == nil || fault.Text(err) != want || fault.ClassOf(err) != fault.Permanent {
		t.Errorf("got  %v\nwant %s", fault.Text(err), want)
	}
}

// TestDamagedLater breaks a page in the middle of a file that was fine.
func TestDamagedLater(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "basebump.db")
	first, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	page, size := rootOf(t, path, "digest")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := (page - 1) * size; i < page*size; i++ {
		data[i] = 0xff
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if _, err := s.Seen(t.Context(), "image", "sha256:a", time.Now()); fault.ClassOf(err) != fault.Permanent || !strings.Contains(fault.Hint(err), "damaged") {
		t.Errorf("got %v", err)
	}
}

// rootOf is the page at which a table begins, from 1, and the size of pages.
func rootOf(t *testing.T, path, table string) (page, size int) {
	t.Helper()
	raw, err := sql.Open("sqlite", sqlite.DSN(path))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	query := "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?"
	if err := raw.QueryRowContext(t.Context(), query, table).Scan(&page, &size); err != nil {
		t.Fatal(err)
	}
	return page, size
}

func TestNewer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "basebump.db")
	open(t, path)
	raw, err := sql.Open("sqlite", sqlite.DSN(path))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(t.Context(), path)
	want := "open state " + path + ": it was written by a newer version of basebump; use that version, or give this one a state of its own with --state-dir"
	if err == nil || fault.Text(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestUnwritable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "basebump.db"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), filepath.Join(dir, "basebump.db"))
	if fault.ClassOf(err) != fault.Permanent || !strings.Contains(fault.Hint(err), "--state-dir") {
		t.Errorf("got %v", err)
	}
}

// TestReadersDoNotWait reads while a write transaction is open.
func TestReadersDoNotWait(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "basebump.db")
	s := open(t, path)
	raw, err := sql.Open("sqlite", sqlite.DSN(path, "_txlock=immediate"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	tx, err := raw.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := s.Overview(t.Context()); err != nil {
		t.Error(err)
	}
}
