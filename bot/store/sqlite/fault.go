package sqlite

import (
	"context"
	"errors"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/basebump/basebump/config/fault"
)

// fault says what was being done to the state, and what a person can do; nil for nil.
func (s *Store) fault(what string, err error) error {
	if err == nil {
		return nil
	}
	err = classify(err)
	return &fault.Error{Op: what, Target: "state " + s.path, Class: fault.ClassOf(err), Hint: fault.Hint(err), Err: err}
}

// classify gives SQLite's own errors a class and a hint, and leaves others alone.
func classify(err error) error {
	var native *driver.Error
	if !errors.As(err, &native) || errors.Is(err, context.Canceled) {
		return err
	}
	class, hint := advice(native.Code() & 0xff) // the low byte is the kind, the rest its detail
	return &fault.Error{Class: class, Hint: hint, Err: err}
}

func advice(code int) (fault.Class, string) {
	switch code {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fault.Permanent, "it is no database, or damaged; move it away, and basebump starts a new one"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.Retry, "another process holds it; is a second basebump or a backup running?"
	case sqlite3.SQLITE_FULL:
		return fault.Retry, "the disk is full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fault.Permanent, "basebump must be able to write to the file and to its folder; see --state-dir"
	case sqlite3.SQLITE_IOERR:
		return fault.Retry, "the disk cannot be read or written"
	}
	return fault.Unknown, ""
}
