package storetest

import (
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
)

func given(t *testing.T, s store.Store, repository string) []bot.Order {
	t.Helper()
	list, err := s.Given(t.Context(), repository)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func give(t *testing.T, s store.Store, repository string, order bot.Order) {
	t.Helper()
	if err := s.Give(t.Context(), repository, order); err != nil {
		t.Fatal(err)
	}
}

func orders(t *testing.T, open Open) {
	s := open(t)
	ignore := bot.Order{
		Branch: "basebump/debian-1a2b", Number: 7, Kind: bot.OrderIgnore, Until: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC),
		Reason: "'; DROP TABLE orders; --\x00\u202e", By: "ann", Asked: noon, Comment: 1 << 40,
	}
	rebase := bot.Order{Branch: "basebump/debian-1a2b", Number: 7, Kind: bot.OrderRebase, By: "ben", Asked: noon.Add(-time.Hour)}
	elsewhere := bot.Order{Branch: "basebump/redis-3c4d", Kind: bot.OrderOpen, Asked: noon}
	for _, order := range []bot.Order{ignore, rebase, elsewhere} {
		give(t, s, "acme/api", order)
	}
	give(t, s, "acme/web", rebase)
	same(t, "the oldest first", []bot.Order{rebase, ignore, elsewhere}, given(t, s, "ACME/Api"))
	same(t, "after a restart", []bot.Order{rebase, ignore, elsewhere}, given(t, open(t), "acme/api"))

	forEver := ignore
	forEver.Until, forEver.Reason = time.Time{}, ""
	give(t, s, "Acme/API", forEver)
	same(t, "given again", []bot.Order{rebase, forEver, elsewhere}, given(t, s, "acme/api"))

	for _, drop := range []struct {
		branch string
		kinds  []bot.OrderKind
		want   []bot.Order
	}{
		{ignore.Branch, []bot.OrderKind{bot.OrderRebase, bot.OrderHold}, []bot.Order{forEver, elsewhere}},
		{ignore.Branch, nil, []bot.Order{elsewhere}},
		{ignore.Branch, nil, []bot.Order{elsewhere}},
		{elsewhere.Branch, nil, nil},
	} {
		if err := s.Drop(t.Context(), "acme/API", drop.branch, drop.kinds...); err != nil {
			t.Fatal(err)
		}
		same(t, "left", drop.want, given(t, s, "acme/api"))
	}
	same(t, "another repository", []bot.Order{rebase}, given(t, s, "acme/web"))
}

func listening(t *testing.T, open Open) {
	s := open(t)
	for _, want := range []time.Time{{}, noon, noon.Add(time.Hour)} {
		got, err := s.Listened(t.Context(), "acme/api", 7)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "listened", want, got)
		next := noon
		if !want.IsZero() {
			next = want.Add(time.Hour)
		}
		if err := s.Listen(t.Context(), "ACME/api", 7, next); err != nil {
			t.Fatal(err)
		}
	}
}
