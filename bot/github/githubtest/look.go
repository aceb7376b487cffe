package githubtest

import (
	"fmt"
	"slices"
	"time"

	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// Pull is a pull request as a person would see it.
type Pull struct {
	Number     int
	Title      string
	Body       string
	State      string // open, closed or merged
	Draft      bool
	Locked     bool
	Author     string
	Head, Base string // branches
	HeadCommit string
	Labels     []string
	Assignees  []string
	Reviewers  []string
	Teams      []string // asked for a review
	AutoMerge  bool     // ordered
	Comments   []Comment
	URL        string // of its page
}

// Comment is a comment of an issue or pull request.
type Comment struct {
	ID        int64
	Author    string
	Body      string
	Reactions []string // login and face, such as "octocat +1"
}

// Commit is a commit as a person would see it.
type Commit struct {
	ID       string
	Message  string
	Author   string // name <email>
	Parents  []string
	Verified bool
	At       time.Time
}

// CheckRun is a check run of a commit.
type CheckRun struct {
	ID          int64
	Name        string
	Status      string
	Conclusion  string
	Title       string
	Summary     string
	Text        string
	Details     string
	Annotations []CheckAnnotation
}

// Pulls returns every pull request, oldest first.
func (r *Repo) Pulls() []Pull {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	var out []Pull
	for _, i := range r.repo.issues {
		if i.pull != nil {
			out = append(out, r.pull(i))
		}
	}
	return out
}

func (r *Repo) pull(i *issue) Pull {
	p := Pull{
		Number: i.number, Title: i.title, Body: i.body, State: i.state, Draft: i.pull.draft, Locked: i.locked, Author: i.user.login,
		Head: i.pull.head, Base: i.pull.base, HeadCommit: i.pull.headID.String(), URL: r.server.view().threadPage(r.repo, i),
		Assignees: logins(i.assignees), Reviewers: logins(i.pull.reviewers), Teams: slices.Clone(i.pull.teams), AutoMerge: i.pull.auto != nil,
	}
	if !i.pull.merged.IsZero() {
		p.State = "merged"
	}
	for _, l := range i.labels {
		p.Labels = append(p.Labels, l.name)
	}
	for _, m := range r.repo.commentsOf(i) {
		p.Comments = append(p.Comments, lookAt(m))
	}
	return p
}

func lookAt(m *comment) Comment {
	c := Comment{ID: m.id, Author: m.user.login, Body: m.body}
	for _, reaction := range m.reactions {
		c.Reactions = append(c.Reactions, reaction.user.login+" "+reaction.content)
	}
	return c
}

func logins(accounts []*account) []string {
	var out []string
	for _, a := range accounts {
		out = append(out, a.login)
	}
	return out
}

// Files returns every file at a branch, a tag or a commit id.
func (r *Repo) Files(ref string) (Files, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	commit, err := r.repo.git.resolve(ref)
	if err != nil {
		return nil, fmt.Errorf("list files of %s at %s: %w", r.repo.fullName(), ref, err)
	}
	entries, err := r.repo.git.flatten(commit)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for path, entry := range entries {
		data, err := r.repo.git.blob(entry.Hash)
		if err != nil {
			return nil, err
		}
		files[path] = File{Data: data, Mode: entry.Mode}
	}
	return files, nil
}

// Branches returns the names of all branches, sorted.
func (r *Repo) Branches() []string {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	return r.repo.git.branches()
}

// Commits returns the history of a branch, a tag or a commit id, newest first.
func (r *Repo) Commits(ref string) ([]Commit, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	tip, err := r.repo.git.resolve(ref)
	if err != nil {
		return nil, fmt.Errorf("list commits of %s at %s: %w", r.repo.fullName(), ref, err)
	}
	history, err := r.repo.git.between(nil, tip)
	if err != nil {
		return nil, err
	}
	slices.Reverse(history)
	out := make([]Commit, len(history))
	for n, commit := range history {
		out[n] = look(commit)
	}
	return out, nil
}

func look(commit *gitobject.Commit) Commit {
	c := Commit{
		ID: commit.Hash.String(), Message: commit.Message, Author: commit.Author.String(), Verified: verified(commit), At: commit.Author.When,
	}
	for _, parent := range commit.ParentHashes {
		c.Parents = append(c.Parents, parent.String())
	}
	return c
}

// CheckRuns returns the check runs of a branch, a tag or a commit id.
func (r *Repo) CheckRuns(ref string) ([]CheckRun, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	commit, err := r.repo.git.resolve(ref)
	if err != nil {
		return nil, fmt.Errorf("list check runs of %s at %s: %w", r.repo.fullName(), ref, err)
	}
	var out []CheckRun
	for _, run := range r.repo.runsOf(commit.Hash) {
		out = append(out, CheckRun{
			ID: run.id, Name: run.name, Status: run.status, Conclusion: run.conclusion, Details: run.details,
			Title: deref(run.output.Title), Summary: deref(run.output.Summary), Text: deref(run.output.Text),
			Annotations: slices.Clone(run.output.Annotations),
		})
	}
	return out, nil
}
