package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/config/fault"
)

// Seen implements bot.Ledger.
func (s *Store) Seen(ctx context.Context, image, digest string, now time.Time) (first time.Time, err error) {
	err = s.update(ctx, "write", func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
			INSERT INTO digest (image, digest, first_seen, last_seen) VALUES (?1, ?2, ?3, ?3)
			ON CONFLICT DO UPDATE SET first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?3)
			RETURNING first_seen`, image, digest, now.UnixMicro()).Scan(instant{&first})
	})
	return first, err
}

// SaveResult implements bot.Store. A proposal that was open and that a result without an error does not name is open no longer.
func (s *Store) SaveResult(ctx context.Context, result bot.Result, now time.Time) error {
	name := result.Repository.String()
	return s.update(ctx, "write", func(tx *sql.Tx) error {
		if err := saveRepository(ctx, tx, name, result, now); err != nil {
			return err
		}
		if result.Plan.Unchanged != nil { // a plan was made
			if err := saveUnchanged(ctx, tx, name, result.Plan.Unchanged); err != nil {
				return err
			}
			if err := saveHeld(ctx, tx, name, result.Outcomes); err != nil {
				return err
			}
		}
		if err := saveProposals(ctx, tx, name, result.Outcomes, now); err != nil || result.Err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE proposal SET state = ? WHERE repository = ? AND state = ? AND updated < ?`,
			store.Ended, name, bot.Open, now.UnixMicro())
		return err
	})
}

// Remembered implements bot.Memory.
func (s *Store) Remembered(ctx context.Context, repo bot.Repository) (open []bot.Proposal, elsewhere int, err error) {
	name, owner := repo.String(), repo.Owner+"/"
	err = s.view(ctx, "read", func(tx *sql.Tx) error {
		found, err := proposals(ctx, tx, `WHERE repository = ? AND state = 'open'`, name)
		if err != nil {
			return err
		}
		for _, p := range found {
			open = append(open, p.Proposal)
		}
		return tx.QueryRowContext(ctx, `
			SELECT count(*) FROM proposal WHERE state = ? AND repository != ? AND substr(repository, 1, length(?3)) = ?3`,
			bot.Open, name, owner).Scan(&elsewhere)
	})
	return open, elsewhere, err
}

func saveRepository(ctx context.Context, tx *sql.Tx, name string, result bot.Result, now time.Time) error {
	var planned any // NULL keeps the older date
	if result.Plan.Unchanged != nil {
		planned = now.UnixMicro()
	}
	var problem string
	if result.Err != nil {
		problem = fault.Text(result.Err)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO repository (name, seen, planned, error) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT DO UPDATE SET seen = ?2, planned = coalesce(?3, planned), error = ?4`, name, now.UnixMicro(), planned, problem)
	return err
}

func saveUnchanged(ctx context.Context, tx *sql.Tx, name string, rows []bot.Unchanged) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM unchanged WHERE repository = ?`, name); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `
		INSERT INTO unchanged (repository, place, image, tag, file, line, reason, failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for i, row := range rows {
		if _, err := insert.ExecContext(ctx, name, i, row.Image, row.Tag, row.File, row.Line, row.Reason, row.Failed); err != nil {
			return err
		}
	}
	return nil
}

// held are the actions that leave bumps without an up-to-date pull request.
var held = []bot.Action{bot.Declined, bot.Waiting, bot.Frozen, bot.Held, bot.Taken, bot.Yielded}

func saveHeld(ctx context.Context, tx *sql.Tx, name string, outcomes []bot.Outcome) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM held WHERE repository = ?`, name); err != nil {
		return err
	}
	for i, outcome := range outcomes {
		if !slices.Contains(held, outcome.Action) {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO held (repository, place, title, action, reason) VALUES (?, ?, ?, ?, ?)`,
			name, i, outcome.Title, outcome.Action, outcome.Reason); err != nil {
			return err
		}
	}
	return nil
}

func saveProposals(ctx context.Context, tx *sql.Tx, name string, outcomes []bot.Outcome, now time.Time) error {
	for _, outcome := range outcomes {
		p := outcome.Proposal
		if p.Number == 0 {
			continue
		}
		if outcome.Action == bot.Obsolete || outcome.Action == bot.Superseded { // closed by us just now: the forge was asked before
			p.State = bot.Closed
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO proposal (repository, number, branch, title, url, state, key, head, base, first, updated)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
			ON CONFLICT DO UPDATE SET branch = ?3, title = ?4, url = ?5, state = ?6, key = ?7, head = ?8, base = ?9, updated = ?10`,
			name, p.Number, p.Branch, p.Title, p.URL, p.State, p.Key, p.Head, p.Base, now.UnixMicro()); err != nil {
			return err
		}
	}
	return nil
}
