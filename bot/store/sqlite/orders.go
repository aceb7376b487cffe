package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
)

// Give implements bot.Orders.
func (s *Store) Give(ctx context.Context, repository string, o bot.Order) error {
	var until any
	if !o.Until.IsZero() {
		until = o.Until.UnixMicro()
	}
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT OR REPLACE INTO orders (repository, branch, kind, number, until, reason, person, asked, comment)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			fold(repository), o.Branch, o.Kind, o.Number, until, o.Reason, o.By, o.Asked.UnixMicro(), o.Comment)
		return err
	})
}

// Given implements bot.Orders.
func (s *Store) Given(ctx context.Context, repository string) (list []bot.Order, err error) {
	err = s.view(ctx, "read", func(tx *sql.Tx) error {
		list, err = collect(ctx, tx, func(o *bot.Order) []any {
			return []any{&o.Branch, &o.Kind, &o.Number, instant{&o.Until}, &o.Reason, &o.By, instant{&o.Asked}, &o.Comment}
		}, `SELECT branch, kind, number, until, reason, person, asked, comment FROM orders WHERE repository = ? ORDER BY asked, branch, kind`,
			fold(repository))
		return err
	})
	return list, err
}

// Drop implements bot.Orders.
func (s *Store) Drop(ctx context.Context, repository, branch string, kinds ...bot.OrderKind) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		if len(kinds) == 0 {
			_, err := tx.ExecContext(ctx, `DELETE FROM orders WHERE repository = ? AND branch = ?`, fold(repository), branch)
			return err
		}
		for _, kind := range kinds {
			if _, err := tx.ExecContext(ctx, `DELETE FROM orders WHERE repository = ? AND branch = ? AND kind = ?`,
				fold(repository), branch, kind); err != nil {
				return err
			}
		}
		return nil
	})
}

// Listened implements bot.Orders.
func (s *Store) Listened(ctx context.Context, repository string, number int) (upTo time.Time, err error) {
	err = s.view(ctx, "read", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT upto FROM listened WHERE repository = ? AND number = ?`, fold(repository), number).Scan(instant{&upTo})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return upTo, err
}

// Listen implements bot.Orders.
func (s *Store) Listen(ctx context.Context, repository string, number int, upTo time.Time) error {
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO listened (repository, number, upto) VALUES (?, ?, ?)`,
			fold(repository), number, upTo.UnixMicro())
		return err
	})
}

// fold is a repository's name as GitHub compares it: a webhook and a list may spell it differently.
func fold(repository string) string { return strings.ToLower(repository) }
