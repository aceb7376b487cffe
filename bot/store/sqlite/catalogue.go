package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/basebump/basebump/scan/cache"
)

// Catalogue implements cache.Store.
func (s *Store) Catalogue(ctx context.Context, key cache.CatalogueKey, now time.Time) (body []byte, err error) {
	err = s.update(ctx, "read", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `
			UPDATE catalogue SET used = ? WHERE digest = ? AND platform = ? AND cataloguer = ? RETURNING body`,
			now.UnixMicro(), key.Digest, key.Platform, key.Cataloguer).Scan(&body)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return body, err
}

// SaveCatalogue implements cache.Store. It keeps one catalogue for each image and platform.
func (s *Store) SaveCatalogue(ctx context.Context, key cache.CatalogueKey, catalogue []byte, now time.Time) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT OR REPLACE INTO catalogue (digest, platform, cataloguer, used, body) VALUES (?, ?, ?, ?, ?)`,
			key.Digest, key.Platform, key.Cataloguer, now.UnixMicro(), catalogue)
		return err
	})
}
