package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
)

// SaveCycle implements store.Store.
func (s *Store) SaveCycle(ctx context.Context, c store.Cycle) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO cycle (started, finished, repositories, bumps, failures, requests, error) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			c.Started.UnixMicro(), c.Finished.UnixMicro(), c.Repositories, c.Bumps, c.Failures, c.Requests, c.Error)
		if err != nil {
			return err
		}
		old, oldReport := c.Finished.Add(-store.Age).UnixMicro(), c.Finished.Add(-store.ReportAge).UnixMicro()
		for _, drop := range []struct {
			statement string
			before    int64
		}{
			{`DELETE FROM cycle WHERE finished < ?`, old},
			{`DELETE FROM digest WHERE last_seen < ?`, old},
			{`DELETE FROM repository WHERE seen < ?`, old},
			{`DELETE FROM orders WHERE asked < ? AND kind != 'ignore'`, old},
			{`DELETE FROM listened WHERE upto < ?`, old},
			{`DELETE FROM proposal WHERE state != 'open' AND updated < ?`, old},
			{`DELETE FROM report WHERE saved < ?`, oldReport},
			{`DELETE FROM catalogue WHERE used < ?`, oldReport},
			{`DELETE FROM tag_list WHERE saved < ?`, c.Finished.Add(-store.TagListAge).UnixMicro()},
		} {
			if _, err := tx.ExecContext(ctx, drop.statement, drop.before); err != nil {
				return err
			}
		}
		return nil
	})
}

// lastCycle returns nil before the first.
func lastCycle(ctx context.Context, tx *sql.Tx) (*store.Cycle, error) {
	var c store.Cycle
	err := tx.QueryRowContext(ctx, `
		SELECT started, finished, repositories, bumps, failures, requests, error FROM cycle ORDER BY finished DESC LIMIT 1`).Scan(
		instant{&c.Started}, instant{&c.Finished}, &c.Repositories, &c.Bumps, &c.Failures, &c.Requests, &c.Error)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &c, err
}

func totals(ctx context.Context, tx *sql.Tx) (t store.Totals, err error) {
	err = tx.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM repository), (SELECT count(*) FROM proposal WHERE state = ?), (SELECT count(*) FROM held),
			(SELECT count(*) FROM unchanged WHERE failed)`, bot.Open).Scan(&t.Repositories, &t.Open, &t.Held, &t.Problems)
	return t, err
}
