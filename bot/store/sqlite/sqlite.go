// Package sqlite keeps basebump's state in one SQLite file.
//
// Writes go through one connection, so that they wait for each other in Go instead of failing in SQLite; reads have their own
// connections and, with a write-ahead log, are never held up by a write.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/config/fault"
)

// Store is a store.Store in a file.
type Store struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
}

var _ store.Store = (*Store)(nil)

// readers is how many pages may be read at once.
const readers = 4

// Open opens the file, or makes it with its folder, and brings its tables up to date.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path}
	err := s.open(ctx)
	if err == nil {
		return s, nil
	}
	return nil, s.fault("open", errors.Join(err, s.Close()))
}

func (s *Store) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	if s.write, err = sql.Open("sqlite", DSN(s.path, "_txlock=immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", DSN(s.path, "_query_only=1")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	return nil
}

// Ready implements store.Store.
func (s *Store) Ready(ctx context.Context) error {
	return s.view(ctx, "read", func(tx *sql.Tx) error {
		var version int
		return tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	})
}

// Close writes the log back into the file and closes it.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// DSN names a file to the driver, with a write-ahead log and patience with other processes; more are further parameters of the driver.
func DSN(path string, more ...string) string {
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	query := "_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=10000&_foreign_keys=1&_dqs=0&_error_rc=1"
	for _, parameter := range more {
		query += "&" + parameter
	}
	name.RawQuery = query
	return name.String()
}

// OpenAlone opens a file for this process alone, with one connection and no tables; a second process is refused. Close closes it.
func OpenAlone(ctx context.Context, path string) (*sql.DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", DSN(path, "_pragma=locking_mode(EXCLUSIVE)", "_txlock=immediate", "_timeout=1000"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE; COMMIT"); err != nil { // takes the lock now and not sometime
		return nil, classify(errors.Join(err, db.Close()))
	}
	return db, nil
}

// update runs a change, all or nothing.
func (s *Store) update(ctx context.Context, what string, change func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.fault(what, err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := change(tx); err != nil {
		return s.fault(what, err)
	}
	return s.fault(what, tx.Commit())
}

// view runs queries that see one state.
func (s *Store) view(ctx context.Context, what string, queries func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.fault(what, err)
	}
	defer func() { _ = tx.Rollback() }()
	return s.fault(what, queries(tx))
}

// collect returns every row of a query; into lists where a row's columns go.
func collect[T any](ctx context.Context, tx *sql.Tx, into func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var row T
		if err := rows.Scan(into(&row)...); err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// instant is a time as the tables hold it.
type instant struct{ *time.Time }

// Scan implements sql.Scanner; NULL is the zero time.
func (i instant) Scan(value any) error {
	switch value := value.(type) {
	case nil:
		*i.Time = time.Time{}
	case int64:
		*i.Time = time.UnixMicro(value).UTC()
	default:
		return fmt.Errorf("a time stored as %T", value)
	}
	return nil
}

var errUnknownRepository = &fault.Error{Class: fault.NotFound, Err: errors.New("no cycle has seen this repository")}
