package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// TagList implements store.Store.
func (s *Store) TagList(ctx context.Context, image string) (list []byte, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT body FROM tag_list WHERE image = ?`, image).Scan(&list)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return list, s.fault("read", err)
}

// SaveTagList implements store.Store.
func (s *Store) SaveTagList(ctx context.Context, image string, list []byte, now time.Time) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO tag_list (image, saved, body) VALUES (?, ?, ?)`, image, now.UnixMicro(), list)
		return err
	})
}
