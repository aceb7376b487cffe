package github

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// trailer is the last line of our commit messages. It names the commit's own tree, so a commit that anyone changed is not ours any
// more, in every mode of authentication and after any crash.
const trailer = "Basebump-Tree: "

// isOurs reports whether we made the commit, and nobody changed it since.
func isOurs(commit *gh.Commit) bool {
	lines := strings.Split(strings.TrimSpace(commit.GetMessage()), "\n")
	return len(commit.Parents) == 1 && lines[len(lines)-1] == trailer+commit.GetTree().GetSHA()
}

// commit makes the commit that holds the change on top of the repository's head. Author, committer and signature stay out: then
// GitHub signs it for the App. When the branch holds that already, its head is taken instead.
func (l link) commit(ctx context.Context, change bot.Change, tip bot.Tip) (id string, err error) {
	base, _, err := l.read.Git.GetCommit(ctx, l.repo.Owner, l.repo.Name, l.repo.Head)
	if err != nil {
		return "", l.failed("read the head of", err)
	}
	entries, err := l.entries(ctx, change.Files)
	if err != nil {
		return "", err
	}
	tree, _, err := l.write.Git.CreateTree(ctx, l.repo.Owner, l.repo.Name, base.GetTree().GetSHA(), entries)
	if err != nil {
		return "", l.failed("write files to", err)
	}
	switch {
	case tree.GetSHA() == base.GetTree().GetSHA():
		return "", l.permanent("write files to", "the change leaves every file as it is")
	case tip.Holder == bot.Ours && tip.Base == l.repo.Head && tip.Tree == tree.GetSHA():
		return tip.Head, nil
	}
	message, err := l.message(ctx, change, tree.GetSHA())
	if err != nil {
		return "", err
	}
	commit, _, err := l.write.Git.CreateCommit(ctx, l.repo.Owner, l.repo.Name, &gh.Commit{
		Message: &message, Tree: tree, Parents: []*gh.Commit{{SHA: &l.repo.Head}},
	}, nil)
	if err != nil {
		return "", l.failed("commit to", err)
	}
	return commit.GetSHA(), nil
}

// message ends with the trailers.
func (l link) message(ctx context.Context, change bot.Change, tree string) (string, error) {
	message := strings.TrimSpace(change.Message) + "\n\n"
	if change.SignOff {
		who, err := l.self(ctx)
		if err != nil {
			return "", err
		}
		message += "Signed-off-by: " + who + "\n"
	}
	return message + trailer + tree, nil
}

// entries are the changed files, each in the mode that it has.
func (l link) entries(ctx context.Context, files map[string][]byte) ([]*gh.TreeEntry, error) {
	known, err := l.files(ctx)
	if err != nil {
		return nil, err
	}
	var entries []*gh.TreeEntry
	for _, path := range slices.Sorted(maps.Keys(files)) {
		i, ok := slices.BinarySearchFunc(known, path, func(e entry, path string) int { return strings.Compare(e.path, path) })
		if !ok {
			return nil, l.permanent("write files to", fmt.Sprintf("%q is no regular file there", path))
		}
		written := &gh.TreeEntry{Path: &path, Mode: &known[i].mode, Type: gh.String("blob")}
		if err := l.fill(ctx, written, files[path]); err != nil {
			return nil, err
		}
		entries = append(entries, written)
	}
	return entries, nil
}

// fill gives an entry its bytes: as text where JSON can carry them, else by a blob.
func (l link) fill(ctx context.Context, e *gh.TreeEntry, data []byte) error {
	if utf8.Valid(data) && !slices.Contains(data, 0) {
		e.Content = gh.String(string(data))
		return nil
	}
	blob, _, err := l.write.Git.CreateBlob(ctx, l.repo.Owner, l.repo.Name, &gh.Blob{
		Content: gh.String(base64.StdEncoding.EncodeToString(data)), Encoding: gh.String("base64"),
	})
	if err != nil {
		return l.failed("write files to", err)
	}
	e.SHA = blob.SHA
	return nil
}

// permanent is a failure that is not GitHub's.
func (l link) permanent(op, text string) error {
	return &fault.Error{Op: op, Target: l.repo.String(), Class: fault.Permanent, Err: errors.New(text)}
}
