package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/bot"
)

// forge keeps proposals in memory and writes down what it is asked.
type forge struct {
	proposals []bot.Proposal
	changes   map[string]bot.Change // by branch, as last written
	tips      map[string]bot.Tip    // of branches that do not stand where their proposal says
	subjects  []string
	failOn    string // a branch that cannot be written
	mergeText string // why it does not merge now; empty: it does
	asked     []string
	said      []string // comments
}

func (f *forge) ask(what string, args ...any) { f.asked = append(f.asked, fmt.Sprintf(what, args...)) }

// since returns what was asked since the last call.
func (f *forge) since() []string {
	asked := f.asked
	f.asked = nil
	return asked
}

func (f *forge) Open(_ context.Context, _ bot.Repository, prefix string) ([]bot.Proposal, error) {
	f.ask("open")
	var open []bot.Proposal
	for _, p := range f.proposals {
		if p.State == bot.Open && strings.HasPrefix(p.Branch, prefix) {
			open = append(open, p)
		}
	}
	return open, nil
}

func (f *forge) History(_ context.Context, _ bot.Repository, branch string) ([]bot.Proposal, error) {
	f.ask("history")
	var found []bot.Proposal
	for _, p := range slices.Backward(f.proposals) {
		if p.Branch == branch {
			found = append(found, p)
		}
	}
	return found, nil
}

func (f *forge) Look(_ context.Context, _ bot.Repository, p bot.Proposal) (bot.Tip, error) {
	f.ask("look")
	if tip, ok := f.tips[p.Branch]; ok {
		return tip, nil
	}
	if p.Head == "" {
		return bot.Tip{Holder: bot.Absent}, nil
	}
	return bot.Tip{Holder: bot.Ours, Head: p.Head, Base: p.Base}, nil
}

func (f *forge) Propose(_ context.Context, repo bot.Repository, change bot.Change, ground bot.Ground) (bot.Proposal, error) {
	f.ask("propose")
	if f.failOn == change.Branch {
		return bot.Proposal{}, errors.New("500")
	}
	mark := bot.MarkOf(repo, change)
	mark.Commit = "head of " + mark.Content + " on " + repo.Head
	if ground.Keep {
		mark.Commit, mark.Base = ground.Tip.Head, ground.Tip.Base
	}
	p := bot.Proposal{
		Number: len(f.proposals) + 1, Branch: change.Branch, Title: change.Title, Body: change.Body, State: bot.Open,
		Key: change.Key, Head: mark.Commit, Base: mark.Base, Onto: repo.DefaultBranch, Mark: mark,
	}
	if ground.Last != nil {
		p.Number = ground.Last.Number
		f.proposals[p.Number-1] = p
	} else {
		f.proposals = append(f.proposals, p)
	}
	if f.changes == nil {
		f.changes = map[string]bot.Change{}
	}
	f.changes[change.Branch] = change
	delete(f.tips, change.Branch)
	return p, nil
}

func (f *forge) Close(_ context.Context, _ bot.Repository, p bot.Proposal, why string) error {
	f.ask("close")
	if tip, ok := f.tips[p.Branch]; ok && tip.Head != p.Head {
		return fmt.Errorf("delete branch: %w", bot.ErrForeignCommit)
	}
	if known := &f.proposals[p.Number-1]; known.State == bot.Open {
		known.State, known.Key, known.Mark.Withdrawn = bot.Closed, "", true
		f.said = append(f.said, why)
	}
	return nil
}

func (f *forge) Warn(_ context.Context, _ bot.Repository, p bot.Proposal, text string) error {
	f.ask("warn")
	f.said = append(f.said, text)
	f.proposals[p.Number-1].Mark.Warned = p.Head
	return nil
}

func (f *forge) Merge(_ context.Context, _ bot.Repository, p bot.Proposal, method string) (bool, string, error) {
	f.ask("merge%s", method)
	if f.mergeText != "" {
		return false, f.mergeText, nil
	}
	f.proposals[p.Number-1].State = bot.Merged
	return true, "merged by itself", nil
}

func (f *forge) Stay(_ context.Context, _ bot.Repository, p bot.Proposal) error {
	f.ask("stay")
	f.proposals[p.Number-1].Merges = false
	return nil
}

func (f *forge) Subjects(context.Context, bot.Repository) ([]string, error) {
	f.ask("subjects")
	return f.subjects, nil
}
