package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/basebump/basebump/bot"
)

// Note implements bot.Notes.
func (s *Store) Note(ctx context.Context, repository, subject string) (note bot.Note, known bool, err error) {
	err = s.view(ctx, "read", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT number, text FROM note WHERE repository = ? AND subject = ?`, fold(repository), subject).
			Scan(&note.Number, &note.Text)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		known = err == nil
		return err
	})
	return note, known, err
}

// SaveNote implements bot.Notes.
func (s *Store) SaveNote(ctx context.Context, repository, subject string, note bot.Note) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO note (repository, subject, number, text) VALUES (?, ?, ?, ?)`,
			fold(repository), subject, note.Number, note.Text)
		return err
	})
}
