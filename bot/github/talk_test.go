package github_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config/fault"
)

// orders is a book of orders that is thrown away.
type orders struct {
	bot.Orders
	given []bot.Order
}

func (o *orders) Give(_ context.Context, _ string, order bot.Order) error {
	o.given = append(o.given, order)
	return nil
}

func (o *orders) Drop(context.Context, string, string, ...bot.OrderKind) error { return nil }

// talkTo answers the newest comment of #1 as a webhook would ask for it.
func (w *world) talkTo(client *github.Client, author, body string) (*orders, error) {
	w.t.Helper()
	id := must(w.repo.Comment(1, author, body))(w.t)
	w.ForgetRequests()
	book := &orders{}
	talk := bot.Talk{Forge: client, Orders: book, Now: time.Now}
	return book, talk.Answer(w.t.Context(), bot.Comment{
		Repository: "acme/web", Number: 1, ID: id, Author: author, Body: body, IsPullRequest: true, FromBot: strings.HasSuffix(author, "[bot]"),
	})
}

func TestTalk(t *testing.T) {
	t.Parallel()
	const react, comments = "/issues/comments/{comment_id}/reactions", "/issues/{issue_number}/comments"
	obeyed := []string{
		"GET /collaborators/{username}/permission", "POST " + react, "GET /pulls/{pull_number}", "GET " + comments, "POST " + comments, "POST " + react,
	}
	for name, tc := range map[string]struct {
		author, body string
		sent         []string
		faces        []string
		orders       int
	}{
		"who may write":        {"ann", "/basebump hold", obeyed, []string{"eyes", "+1"}, 1},
		"the owner":            {"acme", "/basebump hold", obeyed, []string{"eyes", "+1"}, 1},
		"who may triage":       {"tom", "/basebump hold", []string{obeyed[0], "POST " + react}, []string{"-1"}, 0},
		"a stranger":           {"eve", "/basebump hold", []string{obeyed[0], "POST " + react}, []string{"-1"}, 0},
		"another bot":          {"renovate[bot]", "/basebump hold", []string{}, nil, 0},
		"no command":           {"ann", "Thanks!\n/basebump hold", []string{}, nil, 0},
		"60 kB":                {"ann", "/basebump ignore reason=" + strings.Repeat("@acme ", 10_000), obeyed, []string{"eyes", "+1"}, 1},
		"what nobody can obey": {"ann", "/basebump dance", obeyed, []string{"eyes", "confused"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.repo.AddCollaborator("ann", "write")
			w.repo.AddCollaborator("tom", "triage")
			client := w.client()
			must(client.Propose(t.Context(), w.target(client), change(), bot.Ground{}))(t)
			book, err := w.talkTo(client, tc.author, tc.body)
			check(t, err)
			w.expectSent(tc.sent...)
			pull := w.repo.Pulls()[0]
			var faces []string
			for _, reaction := range pull.Comments[0].Reactions {
				faces = append(faces, reaction[strings.LastIndexByte(reaction, ' ')+1:])
			}
			if diff := cmp.Diff(tc.faces, faces); diff != "" || len(book.given) != tc.orders {
				t.Errorf("faces (-want +got):\n%s\norders %+v", diff, book.given)
			}
			if replies := len(pull.Comments) - 1; replies != min(1, len(tc.sent)/len(obeyed)) {
				t.Errorf("%d replies", replies)
			}
			for _, said := range pull.Comments[1:] {
				if strings.Contains(said.Body, "@acme") || len(said.Body) > 2_000 || strings.HasPrefix(said.Body, "/basebump") {
					t.Errorf("reply %q", said.Body)
				}
			}
		})
	}
}

// TestTalkSurvivesFaults loses each answer of GitHub's in turn; the second try ends as an undisturbed one does, with one reply.
func TestTalkSurvivesFaults(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		for _, late := range []bool{false, true} {
			w := newWorld(t)
			w.repo.AddCollaborator("ann", "write")
			client := w.client()
			must(client.Propose(t.Context(), w.target(client), change(), bot.Ground{}))(t)
			id := must(w.repo.Comment(1, "ann", "/basebump hold"))(t)
			book := &orders{}
			talk := bot.Talk{Forge: client, Orders: book, Now: time.Now}
			asked := bot.Comment{Repository: "acme/web", Number: 1, ID: id, Author: "ann", Body: "/basebump hold", IsPullRequest: true}
			remove := w.Inject(githubtest.Fault{Skip: n, Times: 1, Status: 502, Late: late})
			if err := talk.Answer(t.Context(), asked); fault.ClassOf(err) != fault.Retry {
				t.Errorf("request %d: error %v", n+1, err)
			}
			remove()
			check(t, talk.Answer(t.Context(), asked))
			check(t, talk.Answer(t.Context(), asked))
			said := w.repo.Pulls()[0].Comments
			if len(said) != 2 || len(said[0].Reactions) != 2 || len(book.given) == 0 {
				t.Errorf("request %d: %+v, orders %v", n+1, said, book.given)
			}
		}
	}
}

func TestWhoIsGoneMayNotWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if writes := must(w.client().Writes(t.Context(), "acme/web", "renamed"))(t); writes {
		t.Error("a person that GitHub does not know may write")
	}
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	want := must(client.Propose(t.Context(), w.target(client), change(), bot.Ground{}))(t)
	got := must(client.Numbered(t.Context(), "acme/web", 1))(t)
	if got == nil || got.Branch != want.Branch || got.State != bot.Open || got.Updated.IsZero() {
		t.Errorf("#1: %+v", got)
	}
	must(w.repo.Push("basebump/by-hand", "ann", "Mine", githubtest.Files{"x": githubtest.Text("x")}))(t)
	number := must(w.repo.OpenPull("ann", "basebump/by-hand", "main", "By hand", ""))(t)
	for _, other := range []int{number, w.repo.OpenIssue("ann", "Hm", ""), 99} {
		if got := must(client.Numbered(t.Context(), "acme/web", other))(t); got != nil {
			t.Errorf("#%d: %+v", other, got)
		}
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := w.client()
	must(client.Propose(t.Context(), w.target(client), change(), bot.Ground{}))(t)
	for _, author := range []string{"ann", "renovate[bot]"} {
		must(w.repo.Comment(1, author, "Hm."))(t)
	}
	w.ForgetRequests()
	var got []string
	for _, c := range must(client.Comments(t.Context(), "acme/web", 1, time.Time{}))(t) {
		got = append(got, c.Author)
		if c.Repository != "acme/web" || c.Number != 1 || c.ID == 0 || c.Body != "Hm." || !c.IsPullRequest {
			t.Errorf("comment %+v", c)
		}
	}
	w.expectSent("GET /issues/{issue_number}/comments")
	if !slices.Equal(got, []string{"ann", "renovate[bot]"}) {
		t.Errorf("comments of %v", got)
	}
	if later := must(client.Comments(t.Context(), "acme/web", 1, time.Now().Add(time.Hour)))(t); len(later) != 0 {
		t.Errorf("comments of the future: %v", later)
	}
}
