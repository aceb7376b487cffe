package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/basebump/basebump/config/fault"
)

// migrations are numbered from 1 without a gap, are run in order, and never change once released.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date, each step all or nothing. The file's user_version counts the steps done.
func migrate(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var done int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&done); err != nil {
		return err
	}
	if done > len(names) {
		return &fault.Error{
			Class: fault.Permanent, Hint: "use that version, or give this one a state of its own with --state-dir",
			Err: errors.New("it was written by a newer version of basebump"),
		}
	}
	for _, name := range names[done:] {
		statements, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
			return fmt.Errorf("run %s: %w", name, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(names))); err != nil {
		return err
	}
	return tx.Commit()
}
