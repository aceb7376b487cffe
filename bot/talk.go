package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Talk answers what people write below proposals. It is safe for concurrent use, and answering twice does no harm: a reaction of ours
// says that a comment was answered.
type Talk struct {
	Forge  Conversation
	Orders Orders
	Board  Board // where dashboards are; nil: there are none
	Now    func() time.Time

	mu      sync.Mutex
	writers map[string]permit // by repository and login, in lower case
}

// permit is what was said of a person's access, and when.
type permit struct {
	writes bool
	at     time.Time
}

// How long, and of how many, it is believed who may write.
const (
	permitTime  = 2 * time.Minute
	permitCount = 1_000
)

// Conversation is what the forge keeps of what people say.
type Conversation interface {
	Listener
	Speaker
}

// Listener hears people. Repositories are named OWNER/NAME.
type Listener interface {
	// Writes says whether a person may write to the repository; nobody may whom the forge does not know.
	Writes(ctx context.Context, repository, login string) (bool, error)
	// Numbered returns our proposal of that number, open or not; nil when it is none of ours.
	Numbered(ctx context.Context, repository string, number int) (*Proposal, error)
	// Comments lists what was written or changed below a proposal since then, the oldest first.
	Comments(ctx context.Context, repository string, number int, since time.Time) ([]Comment, error)
}

// Speaker answers them.
type Speaker interface {
	// Claim shows that a comment was seen, and says whether we have answered it with one of our other faces already.
	Claim(ctx context.Context, repository string, comment int64) (answered bool, err error)
	// React puts a face to a comment, once.
	React(ctx context.Context, repository string, comment int64, face Face) error
	// Reply writes Markdown below a proposal, unless something with that tag stands there.
	Reply(ctx context.Context, repository string, number int, tag, text string) error
}

// Face is a reaction to a comment.
type Face string

// The answers.
const (
	Done    Face = "+1"
	Puzzled Face = "confused" // not all of it can be done; a reply says why
	Refused Face = "-1"       // for who may not write; there is no reply, so that nobody can make us write
)

// Answer does what a comment tells us to do, if its author may write to the repository, and says so in a reaction and one short reply. A
// comment without a command costs no request. What is ordered is done when the repository is looked at next.
func (t *Talk) Answer(ctx context.Context, c Comment) error {
	_, err := t.heedComment(ctx, c)
	return err
}

// heedComment says whether anything came of it.
func (t *Talk) heedComment(ctx context.Context, c Comment) (heeded bool, err error) {
	found := commands(c.Body, t.Now())
	if len(found) == 0 || c.FromBot || strings.HasSuffix(c.Author, "[bot]") {
		return false, nil
	}
	writes, err := t.writes(ctx, c.Repository, c.Author)
	if err != nil {
		return false, err
	}
	if !writes {
		return false, t.Forge.React(ctx, c.Repository, c.ID, Refused)
	}
	answered, err := t.Forge.Claim(ctx, c.Repository, c.ID)
	if err != nil || answered {
		return false, err
	}
	var proposal *Proposal
	if c.IsPullRequest {
		if proposal, err = t.Forge.Numbered(ctx, c.Repository, c.Number); err != nil {
			return false, err
		}
	}
	return true, t.answer(ctx, c, proposal, found)
}

// answer obeys and says so. A comment that asks for nothing but an explanation is answered by the visit that can give it.
func (t *Talk) answer(ctx context.Context, c Comment, proposal *Proposal, found []command) error {
	var lines []string
	face := Done
	explains := false
	for _, command := range found {
		line, err := t.obey(ctx, c, proposal, &command)
		if err != nil {
			return err
		}
		if command.problem != "" {
			face, line = Puzzled, command.problem
		}
		if line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
		explains = explains || command.name == "explain" && command.problem == ""
	}
	if len(lines) > 0 {
		if err := t.Forge.Reply(ctx, c.Repository, c.Number, fmt.Sprintf("answer=%d", c.ID), strings.Join(lines, "\n\n")); err != nil {
			return err
		}
	}
	if explains {
		return nil
	}
	return t.Forge.React(ctx, c.Repository, c.ID, face)
}

// obey keeps what one command orders, and returns what to say of it. It notes in the command why it cannot be obeyed.
func (t *Talk) obey(ctx context.Context, c Comment, proposal *Proposal, command *command) (string, error) {
	switch {
	case command.problem != "":
		return "", nil
	case proposal == nil:
		command.problem = "This is no pull request of mine; write that below one."
		return "", nil
	case proposal.State != Open && slices.Contains([]string{"rebase", "hold", "unhold"}, command.name),
		proposal.State == Merged && command.name == "recreate":
		command.problem = fmt.Sprintf("`%s` is for a pull request that is open; this one is %s.", command.name, proposal.State)
		return "", nil
	}
	order := Order{
		Branch: proposal.Branch, Number: proposal.Number, Until: command.until, Reason: command.reason, By: c.Author, Asked: t.Now(), Comment: c.ID,
	}
	switch command.name {
	case "rebase":
		return "The branch is made anew on the head of the default branch; other people's commits on it go.", t.give(ctx, c, order, OrderRebase)
	case "recreate":
		return "The branch and its change are made anew from nothing; other people's commits on it go.", t.give(ctx, c, order, OrderRecreate)
	case "hold":
		return "This is left exactly as it is until `/basebump unhold`.", t.give(ctx, c, order, OrderHold)
	case "unhold":
		return "This is kept up to date again.", t.Orders.Drop(ctx, c.Repository, order.Branch, OrderHold)
	case "explain":
		return "", t.give(ctx, c, order, OrderExplain)
	case "unignore":
		return "This is looked after again.", t.Orders.Drop(ctx, c.Repository, order.Branch, OrderIgnore, OrderHold)
	}
	err := t.give(ctx, c, order, OrderIgnore)
	if err == nil {
		err = t.Orders.Drop(ctx, c.Repository, order.Branch, OrderRebase, OrderRecreate, OrderHold, OrderOpen)
	}
	return "What this updates is left alone" + order.untilMarkdown() + ". `/basebump unignore` takes that back.", err
}

func (t *Talk) give(ctx context.Context, c Comment, order Order, kind OrderKind) error {
	order.Kind = kind
	return t.Orders.Give(ctx, c.Repository, order)
}

// untilMarkdown is how long an order to ignore holds and why, as the end of a sentence.
func (o Order) untilMarkdown() string {
	text := ""
	if !o.Until.IsZero() {
		text = " until the end of " + o.Until.Format(time.DateOnly) + " (UTC)"
	}
	if o.Reason != "" {
		text += ": " + escape(o.Reason)
	}
	return text
}

// writes asks once in a while.
func (t *Talk) writes(ctx context.Context, repository, login string) (bool, error) {
	key := strings.ToLower(repository + " " + login)
	t.mu.Lock()
	known, ok := t.writers[key]
	t.mu.Unlock()
	if ok && t.Now().Sub(known.at) < permitTime {
		return known.writes, nil
	}
	writes, err := t.Forge.Writes(ctx, repository, login)
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.writers == nil || len(t.writers) >= permitCount {
		t.writers = map[string]permit{}
	}
	t.writers[key] = permit{writes, t.Now()}
	return writes, nil
}

// Hear reads what was written below proposals since we last looked, and answers it; it says whether anything was. A proposal that has
// not changed since costs no request.
func (t *Talk) Hear(ctx context.Context, repo Repository, proposals []Proposal) (heard bool, err error) {
	for _, proposal := range proposals {
		since, err := t.Orders.Listened(ctx, repo.String(), proposal.Number)
		if err != nil {
			return heard, err
		}
		if !proposal.Updated.After(since) {
			continue
		}
		comments, err := t.Forge.Comments(ctx, repo.String(), proposal.Number, since)
		if err != nil {
			return heard, err
		}
		for _, comment := range comments {
			if !comment.Updated.IsZero() && !comment.Updated.After(since) { // it was read then
				continue
			}
			heeded, err := t.heedComment(ctx, comment)
			if err != nil {
				return heard, err
			}
			heard = heard || heeded
		}
		if err := t.Orders.Listen(ctx, repo.String(), proposal.Number, t.heardUpTo(proposal.Updated)); err != nil {
			return heard, err
		}
	}
	return heard, nil
}

// quietTime is how long ago a proposal must have changed for nothing more to be expected at that very second; forges tell whole ones,
// by another clock than ours.
const quietTime = 10 * time.Minute

func (t *Talk) heardUpTo(updated time.Time) time.Time {
	if t.Now().Sub(updated) < quietTime {
		return updated.Add(-time.Second)
	}
	return updated
}
