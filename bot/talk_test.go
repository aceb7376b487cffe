package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

// chat is a conversation in memory, in which ann may write and eve may not, about the open proposal #7 and the closed #3.
type chat struct {
	said     []string // what was done, in order
	faces    map[int64][]string
	comments []bot.Comment
	failed   error  // of reading comments
	branch   string // of #1
	err      error
}

func (c *chat) Writes(_ context.Context, _, login string) (bool, error) {
	c.said = append(c.said, "may "+login+" write?")
	return login == "ann", c.err
}

func (c *chat) Numbered(_ context.Context, _ string, number int) (*bot.Proposal, error) {
	states := map[int]bot.State{7: bot.Open, 3: bot.Closed, 2: bot.Merged}
	c.said = append(c.said, fmt.Sprintf("read #%d", number))
	if number == 1 && c.branch != "" {
		return &bot.Proposal{Number: 1, Branch: c.branch, State: bot.Open}, nil
	}
	if states[number] == "" {
		return nil, nil
	}
	return &bot.Proposal{Number: number, Branch: "basebump/debian-1a2b", State: states[number]}, nil
}

func (c *chat) Comments(_ context.Context, _ string, number int, since time.Time) ([]bot.Comment, error) {
	c.said = append(c.said, fmt.Sprintf("comments of #%d since %s", number, since.Format(time.TimeOnly)))
	return c.comments, c.failed
}

func (c *chat) Claim(_ context.Context, _ string, id int64) (bool, error) {
	answered := slices.Contains(c.faces[id], "eyes") && len(c.faces[id]) > 1
	c.face(id, "eyes")
	return answered, nil
}

func (c *chat) React(_ context.Context, _ string, id int64, face bot.Face) error {
	c.face(id, string(face))
	return nil
}

func (c *chat) face(id int64, face string) {
	c.said = append(c.said, face)
	if c.faces == nil {
		c.faces = map[int64][]string{}
	}
	c.faces[id] = append(c.faces[id], face)
}

func (c *chat) Reply(_ context.Context, _ string, _ int, tag, text string) error {
	c.said = append(c.said, tag+": "+text)
	return nil
}

// book keeps orders in memory.
type book struct {
	orders   []bot.Order
	listened map[int]time.Time
}

func (b *book) Give(_ context.Context, _ string, order bot.Order) error {
	b.orders = slices.DeleteFunc(b.orders, func(o bot.Order) bool { return o.Branch == order.Branch && o.Kind == order.Kind })
	b.orders = append(b.orders, order)
	return nil
}

func (b *book) Given(context.Context, string) ([]bot.Order, error) {
	return slices.Clone(b.orders), nil
}

func (b *book) Drop(_ context.Context, _, branch string, kinds ...bot.OrderKind) error {
	b.orders = slices.DeleteFunc(b.orders, func(o bot.Order) bool {
		return o.Branch == branch && (len(kinds) == 0 || slices.Contains(kinds, o.Kind))
	})
	return nil
}

func (b *book) Listened(_ context.Context, _ string, number int) (time.Time, error) {
	return b.listened[number], nil
}

func (b *book) Listen(_ context.Context, _ string, number int, upTo time.Time) error {
	if b.listened == nil {
		b.listened = map[int]time.Time{}
	}
	b.listened[number] = upTo
	return nil
}

func (b *book) kinds() []string {
	list := []string{}
	for _, o := range b.orders {
		list = append(list, string(o.Kind))
	}
	return list
}

func talk(c *chat, b *book) *bot.Talk {
	return &bot.Talk{Forge: c, Orders: b, Now: func() time.Time { return now }}
}

func comment(author, body string) bot.Comment {
	return bot.Comment{Repository: "acme/web", Number: 7, ID: 99, Author: author, Body: body, IsPullRequest: true}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	const asked, read = "may ann write?", "read #7"
	for name, tc := range map[string]struct {
		comment func(*bot.Comment)
		body    string
		said    []string
		orders  []string
	}{
		"no command":    {body: "Nice."},
		"a bot":         {body: "/basebump rebase", comment: func(c *bot.Comment) { c.FromBot = true }},
		"a bot by name": {body: "/basebump rebase", comment: func(c *bot.Comment) { c.Author = "renovate[bot]" }},
		"may not write": {body: "/basebump recreate", comment: func(c *bot.Comment) { c.Author = "eve" }, said: []string{"may eve write?", "-1"}},
		"rebase": {
			body: "/basebump rebase", orders: []string{"rebase"},
			said: []string{asked, "eyes", read, "answer=99: The branch is made anew on the head of the default branch; other people's commits on it go.", "+1"},
		},
		"recreate": {
			body: "/basebump recreate", orders: []string{"recreate"},
			said: []string{asked, "eyes", read, "answer=99: The branch and its change are made anew from nothing; other people's commits on it go.", "+1"},
		},
		"hold": {
			body: "/basebump hold", orders: []string{"hold"},
			said: []string{asked, "eyes", read, "answer=99: This is left exactly as it is until `/basebump unhold`.", "+1"},
		},
		"unhold": {
			body: "/basebump hold\n/basebump unhold", orders: []string{},
			said: []string{asked, "eyes", read, "answer=99: This is left exactly as it is until `/basebump unhold`.\n\nThis is kept up to date again.", "+1"},
		},
		"explain": {body: "/basebump explain", orders: []string{"explain"}, said: []string{asked, "eyes", read}},
		"ignore drops what else was ordered": {
			body: "/basebump rebase\n/basebump ignore until=2026-12-31 reason=**@acme/all** <img>", orders: []string{"ignore"},
			said: []string{
				asked, "eyes", read, "answer=99: The branch is made anew on the head of the default branch; other people's commits on it go.\n\n" +
					"What this updates is left alone until the end of 2026-12-31 (UTC): \\*\\*@\u2060acme/all\\*\\* &lt;img&gt;. `/basebump unignore` takes that back.", "+1",
			},
		},
		"unignore": {
			body: "/basebump ignore\n/basebump unignore", orders: []string{},
			said: []string{asked, "eyes", read, "answer=99: What this updates is left alone. `/basebump unignore` takes that back.\n\nThis is looked after again.", "+1"},
		},
		"not understood": {
			body: "/basebump ignore until=never\n/basebump hold", orders: []string{"hold"},
			said: []string{
				asked, "eyes", read, "answer=99: `until=never` is no date: write it as `until=2026-12-31`.\n\nThis is left exactly as it is until `/basebump unhold`.", "confused",
			},
		},
		"below an issue": {
			body: "/basebump rebase", comment: func(c *bot.Comment) { c.IsPullRequest = false },
			said: []string{asked, "eyes", "answer=99: This is no pull request of mine; write that below one.", "confused"},
		},
		"below somebody's pull request": {
			body: "/basebump rebase\n/basebump hold", comment: func(c *bot.Comment) { c.Number = 8 },
			said: []string{asked, "eyes", "read #8", "answer=99: This is no pull request of mine; write that below one.", "confused"},
		},
		"below a closed one": {
			body: "/basebump rebase", comment: func(c *bot.Comment) { c.Number = 3 },
			said: []string{asked, "eyes", "read #3", "answer=99: `rebase` is for a pull request that is open; this one is closed.", "confused"},
		},
		"recreate a closed one": {
			body: "/basebump recreate", comment: func(c *bot.Comment) { c.Number = 3 }, orders: []string{"recreate"},
			said: []string{asked, "eyes", "read #3", "answer=99: The branch and its change are made anew from nothing; other people's commits on it go.", "+1"},
		},
		"recreate a merged one": {
			body: "/basebump recreate", comment: func(c *bot.Comment) { c.Number = 2 },
			said: []string{asked, "eyes", "read #2", "answer=99: `recreate` is for a pull request that is open; this one is merged.", "confused"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, b := &chat{}, &book{}
			said := comment("ann", tc.body)
			if tc.comment != nil {
				tc.comment(&said)
			}
			if err := talk(c, b).Answer(t.Context(), said); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.said, c.said); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, tc.orders...), b.kinds()); diff != "" {
				t.Errorf("orders (-want +got):\n%s", diff)
			}
			for _, order := range b.orders {
				if order.By != "ann" || order.Comment != 99 || order.Branch != "basebump/debian-1a2b" || !order.Asked.Equal(now) {
					t.Errorf("order %+v", order)
				}
			}
		})
	}
}

func TestAnswerOnce(t *testing.T) {
	t.Parallel()
	c, b := &chat{}, &book{}
	speaking := talk(c, b)
	for range 2 {
		if err := speaking.Answer(t.Context(), comment("ann", "/basebump hold")); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"may ann write?", "eyes", "read #7", "answer=99: This is left exactly as it is until `/basebump unhold`.", "+1", "eyes"}
	if diff := cmp.Diff(want, c.said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswerWhenNobodyKnowsWhoMayWrite(t *testing.T) {
	t.Parallel()
	c, b := &chat{err: errors.New("502")}, &book{}
	speaking := talk(c, b)
	if err := speaking.Answer(t.Context(), comment("ann", "/basebump hold")); err == nil || len(b.orders) > 0 || len(c.faces) > 0 {
		t.Errorf("error %v, orders %v, faces %v", err, b.orders, c.faces)
	}
	c.err = nil
	if err := speaking.Answer(t.Context(), comment("ann", "/basebump hold")); err != nil || len(b.orders) != 1 {
		t.Errorf("after the fault: error %v, orders %v", err, b.orders)
	}
}

func TestHear(t *testing.T) {
	t.Parallel()
	c, b := &chat{comments: []bot.Comment{comment("ann", "Hm."), comment("ann", "/basebump hold")}}, &book{}
	speaking := talk(c, b)
	long := bot.Proposal{Number: 7, Updated: now.Add(-time.Hour)}
	repo := bot.Repository{Owner: "acme", Name: "web"}
	hear := func(want bool, said string, proposals ...bot.Proposal) {
		t.Helper()
		c.said = nil
		heard, err := speaking.Hear(t.Context(), repo, proposals)
		if err != nil || heard != want || strings.Join(c.said, " | ") != said {
			t.Errorf("heard %v, said %q, %v", heard, c.said, err)
		}
	}
	hear(true, "comments of #7 since 00:00:00 | may ann write? | eyes | read #7 | answer=99: This is left exactly as it is until `/basebump unhold`. | +1", long)
	hear(false, "", long)
	hear(false, "", bot.Proposal{Number: 7})
	c.comments = nil
	young := bot.Proposal{Number: 7, Updated: now.Add(-time.Minute)}
	hear(false, "comments of #7 since 11:00:00", young)
	hear(false, "comments of #7 since 11:58:59", young) // something may have come in that very second
	read := comment("ann", "/basebump hold")
	read.Updated = now.Add(-time.Minute - time.Second)
	c.comments = []bot.Comment{read}
	hear(false, "comments of #7 since 11:58:59", young)

	c.failed = errors.New("502")
	if _, err := speaking.Hear(t.Context(), repo, []bot.Proposal{young}); err == nil || !b.listened[7].Equal(now.Add(-time.Minute-time.Second)) {
		t.Errorf("error %v, listened up to %v", err, b.listened[7])
	}
}
