package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// Open implements bot.Forge: the branches that begin with prefix and whose last commit is ours, or was before a person went on.
func (r *Remote) Open(ctx context.Context, _ bot.Repository, prefix string) ([]bot.Proposal, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.look(ctx); err != nil {
		return nil, err
	}
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(r.heads)), func(name string) bool { return !strings.HasPrefix(name, prefix) })
	if err := r.fetch(ctx, names...); err != nil {
		return nil, err
	}
	var open []bot.Proposal
	for _, name := range names {
		proposal, err := r.proposal(name)
		if err != nil {
			return nil, err
		}
		open = append(open, proposal)
	}
	return open, nil
}

// History implements bot.Forge. A branch that was deleted left nothing behind, so no "no" is remembered: it is pushed again.
func (r *Remote) History(ctx context.Context, repo bot.Repository, branch string) ([]bot.Proposal, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.heads[branch]; !ok {
		return nil, nil
	}
	if err := r.fetch(ctx, branch); err != nil {
		return nil, err
	}
	proposal, err := r.proposal(branch)
	return []bot.Proposal{proposal}, err
}

// Look implements bot.Forge, by what was last fetched.
func (r *Remote) Look(_ context.Context, _ bot.Repository, proposal bot.Proposal) (bot.Tip, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.heads[proposal.Branch]; !ok {
		return bot.Tip{Holder: bot.Absent}, nil
	}
	commit, err := r.tip(proposal.Branch)
	if err != nil {
		return bot.Tip{}, err
	}
	tip := bot.Tip{Holder: bot.Theirs, Head: commit.Hash.String()}
	if _, ok := sealOf(commit); ok {
		tip.Holder, tip.Base, tip.Tree = bot.Ours, commit.ParentHashes[0].String(), commit.TreeHash.String()
	}
	return tip, nil
}

// proposal reads one from its branch, whose commit's message is all there is to it.
func (r *Remote) proposal(branch string) (bot.Proposal, error) {
	tip, err := r.tip(branch)
	if err != nil {
		return bot.Proposal{}, err
	}
	title, body, _ := strings.Cut(tip.Message, "\n")
	proposal := bot.Proposal{Branch: branch, Title: title, Body: strings.TrimSpace(body), State: bot.Open, Head: tip.Hash.String(), Onto: r.branch}
	if seal, ok := sealOf(tip); ok {
		proposal.Mark = seal.Mark
		proposal.Mark.Base, proposal.Mark.Commit = tip.ParentHashes[0].String(), proposal.Head
		proposal.Key, proposal.Base = seal.Mark.Key, proposal.Mark.Base
	}
	return proposal, nil
}

// Propose implements bot.Forge: the branch is pushed when it does not hold the change yet. Words are in the commit, so that other words
// are another commit.
func (r *Remote) Propose(ctx context.Context, repo bot.Repository, change bot.Change, ground bot.Ground) (bot.Proposal, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.heads[change.Branch]
	if now := known.String(); !known.IsZero() && now != ground.Tip.Head {
		if err := r.ours(change.Branch); err != nil {
			return bot.Proposal{}, err
		}
	}
	made, err := r.commit(repo, change)
	if err != nil {
		return bot.Proposal{}, r.failed("commit to", err)
	}
	if r.same(known, made) {
		return r.proposal(change.Branch)
	}
	if err := r.push(ctx, change.Branch, known, made); err != nil {
		return bot.Proposal{}, err
	}
	return r.proposal(change.Branch)
}

// Close implements bot.Forge: the branch is deleted. Git has no place for the reason.
func (r *Remote) Close(ctx context.Context, _ bot.Repository, proposal bot.Proposal, _ string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ours(proposal.Branch); err != nil {
		return err
	}
	return r.push(ctx, proposal.Branch, r.heads[proposal.Branch], plumbing.ZeroHash)
}

// Warn implements bot.Forge. Git has no place for a comment.
func (r *Remote) Warn(context.Context, bot.Repository, bot.Proposal, string) error { return nil }

// Merge implements bot.Forge: what may be merged is for the server's own rules, which Git does not tell.
func (r *Remote) Merge(context.Context, bot.Repository, bot.Proposal, string) (merged bool, text string, err error) {
	return false, "not merged: that is for people where there are no pull requests", nil
}

// Stay implements bot.Forge. Nothing was ordered.
func (r *Remote) Stay(context.Context, bot.Repository, bot.Proposal) error { return nil }

// recent is how many commits tell how a repository's are written.
const recent = 50

// Subjects implements bot.Forge, as far back as the copy goes.
func (r *Remote) Subjects(_ context.Context, repo bot.Repository) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var subjects []string
	for id := plumbing.NewHash(repo.Head); len(subjects) < recent; {
		commit, err := r.repo.CommitObject(id)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			break
		}
		if err != nil {
			return nil, r.failed("list the commits of", err)
		}
		if commit.NumParents() < 2 {
			subject, _, _ := strings.Cut(commit.Message, "\n")
			subjects = append(subjects, subject)
		}
		if commit.NumParents() == 0 {
			break
		}
		id = commit.ParentHashes[0]
	}
	return subjects, nil
}

// tip returns the last commit of a branch that was fetched.
func (r *Remote) tip(branch string) (*object.Commit, error) {
	commit, err := r.repo.CommitObject(r.heads[branch])
	if err != nil {
		return nil, r.failed("read branch "+branch+" of", err)
	}
	return commit, nil
}

// ours returns bot.ErrForeignCommit unless the last commit of a branch is ours.
func (r *Remote) ours(branch string) error {
	tip, err := r.tip(branch)
	if err != nil {
		return err
	}
	if _, ok := sealOf(tip); ok {
		return nil
	}
	return &fault.Error{
		Op: "update branch " + branch + " of", Target: r.target(), Class: fault.Permanent,
		Err: fmt.Errorf("%w: %.10s is not our commit", bot.ErrForeignCommit, tip.Hash), Hint: "merge the branch, or delete it",
	}
}

// same reports whether two commits say and hold the same on the same parent; they differ in time, and so in their ids.
func (r *Remote) same(a, b plumbing.Hash) bool {
	if a.IsZero() {
		return false
	}
	one, errOne := r.repo.CommitObject(a)
	other, errOther := r.repo.CommitObject(b)
	return errOne == nil && errOther == nil && one.Message == other.Message && slices.Equal(one.ParentHashes, other.ParentHashes)
}

// push moves a branch there from the commit that we know to another, in one step that the server refuses when somebody else moved it
// meanwhile. The zero id means that there is no branch, before or after.
func (r *Remote) push(ctx context.Context, branch string, from, to plumbing.Hash) error {
	ref := plumbing.NewBranchReferenceName(branch)
	options := &git.PushOptions{Auth: r.options.Auth}
	switch {
	case to.IsZero():
		options.RefSpecs = []config.RefSpec{config.RefSpec(":" + ref)}
	case from.IsZero(): // without force: a branch that came up meanwhile is somebody else's
		options.RefSpecs = []config.RefSpec{config.RefSpec(to.String() + ":" + ref.String())}
	default:
		options.RefSpecs = []config.RefSpec{config.RefSpec("+" + to.String() + ":" + ref.String())}
	}
	if !from.IsZero() {
		options.RequireRemoteRefs = []config.RefSpec{config.RefSpec(from.String() + ":" + ref.String())}
	}
	if err := r.repo.PushContext(ctx, options); err != nil {
		return r.failed("push branch "+branch+" to", err)
	}
	if to.IsZero() {
		delete(r.heads, branch)
	} else {
		r.heads[branch] = to
	}
	return nil
}
