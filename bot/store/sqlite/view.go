package sqlite

import (
	"context"
	"database/sql"

	"github.com/basebump/basebump/bot/store"
)

// Overview implements store.Store.
func (s *Store) Overview(ctx context.Context) (o store.Overview, err error) {
	err = s.view(ctx, "read", func(tx *sql.Tx) (err error) {
		if o.Last, err = lastCycle(ctx, tx); err != nil {
			return err
		}
		if o.Totals, err = totals(ctx, tx); err != nil {
			return err
		}
		if o.Proposals, err = proposals(ctx, tx, ``); err != nil {
			return err
		}
		if o.Held, err = heldBack(ctx, tx, ``); err != nil {
			return err
		}
		if o.Problems, err = unchanged(ctx, tx, `WHERE failed ORDER BY repository, place`); err != nil {
			return err
		}
		o.Repositories, err = summaries(ctx, tx, ``)
		return err
	})
	return o, err
}

// Repository implements store.Store.
func (s *Store) Repository(ctx context.Context, name string) (r store.Repository, err error) {
	err = s.view(ctx, "read", func(tx *sql.Tx) error {
		found, err := summaries(ctx, tx, `WHERE name = ?`, name)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errUnknownRepository
		}
		r.Summary = found[0]
		if r.Proposals, err = proposals(ctx, tx, `WHERE repository = ?`, name); err != nil {
			return err
		}
		if r.Held, err = heldBack(ctx, tx, `WHERE repository = ?`, name); err != nil {
			return err
		}
		r.Rows, err = unchanged(ctx, tx, `WHERE repository = ? ORDER BY failed DESC, place`, name)
		return err
	})
	return r, err
}

func proposals(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]store.Proposal, error) {
	return collect(ctx, tx, func(p *store.Proposal) []any {
		return []any{
			&p.Repository, &p.Number, &p.Branch, &p.Title, &p.URL, &p.State, &p.Key, &p.Head, &p.Base, instant{&p.First}, instant{&p.Updated},
		}
	}, `SELECT repository, number, branch, title, url, state, key, head, base, first, updated FROM proposal `+where+
		` ORDER BY state = 'open' DESC, updated DESC, repository, number DESC LIMIT ?`, append(args, store.Limit)...)
}

func heldBack(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]store.Held, error) {
	return collect(ctx, tx, func(h *store.Held) []any {
		return []any{&h.Repository, &h.Title, &h.Action, &h.Reason}
	}, `SELECT repository, title, action, reason FROM held `+where+` ORDER BY repository, place LIMIT ?`, append(args, store.Limit)...)
}

func unchanged(ctx context.Context, tx *sql.Tx, which string, args ...any) ([]store.Row, error) {
	return collect(ctx, tx, func(r *store.Row) []any {
		return []any{&r.Repository, &r.Image, &r.Tag, &r.File, &r.Line, &r.Reason, &r.Failed}
	}, `SELECT repository, image, tag, file, line, reason, failed FROM unchanged `+which+` LIMIT ?`, append(args, store.Limit)...)
}

func summaries(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]store.Summary, error) {
	return collect(ctx, tx, func(s *store.Summary) []any {
		return []any{&s.Name, instant{&s.Seen}, instant{&s.Planned}, &s.Error, &s.Open, &s.Held, &s.Rows, &s.Problems}
	}, `SELECT name, seen, planned, error,
			(SELECT count(*) FROM proposal WHERE repository = name AND state = 'open'),
			(SELECT count(*) FROM held WHERE repository = name),
			(SELECT count(*) FROM unchanged WHERE repository = name),
			(SELECT count(*) FROM unchanged WHERE repository = name AND failed)
		FROM repository `+where+` ORDER BY name LIMIT ?`, append(args, store.Limit)...)
}
