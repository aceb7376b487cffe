package githubtest

import (
	"net/http"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

func commitRoutes() []route {
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}/commits", access: reads("contents"), status: 200, handle: (*Server).listCommits},
		{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{ref...}", access: reads("contents"), status: 200, handle: (*Server).getCommit},
		{method: "GET", pattern: "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", access: reads("pull_requests"), status: 200, handle: (*Server).commitPulls},
		{method: "GET", pattern: "/repos/{owner}/{repo}/compare/{basehead...}", access: reads("contents"), status: 200, handle: (*Server).compare},
	}
}

func (s *Server) listCommits(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	start := c.query("sha")
	if start == "" {
		start = c.repo.defaultBranch
	}
	tip, err := c.repo.git.resolve(start)
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	history, err := c.repo.git.between(nil, tip)
	if err != nil {
		return nil, err
	}
	slices.Reverse(history)
	return c.commits(c.repo, page(c, history))
}

func (s *Server) getCommit(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	commit, err := c.repo.git.resolve(c.vars["ref"])
	if err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+c.vars["ref"]))
	}
	if c.accepts("sha") {
		return raw{http.StatusOK, "application/vnd.github.sha; charset=utf-8", []byte(commit.Hash.String())}, nil
	}
	change, err := c.repo.git.changeOf(commit)
	if err != nil {
		return nil, err
	}
	if c.accepts("diff") {
		return raw{http.StatusOK, "application/vnd.github.diff; charset=utf-8", []byte(change.text)}, nil
	}
	o, err := c.commit(c.repo, commit)
	if err != nil {
		return nil, err
	}
	o["files"] = page(c, c.diffEntries(c.repo, commit.Hash, change))
	o["stats"] = object{"additions": change.additions, "deletions": change.deletions, "total": change.additions + change.deletions}
	return o, nil
}

// commitPulls lists the pull requests that brought a commit in, or that would.
func (s *Server) commitPulls(c *call) (any, error) {
	commit, err := c.repo.git.resolve(c.vars["commit_sha"])
	if err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+c.vars["commit_sha"]))
	}
	var found []*issue
	for _, i := range c.repo.issues {
		if i.pull == nil {
			continue
		}
		d, err := c.repo.pullDistance(i.pull)
		if err != nil {
			return nil, err
		}
		if i.pull.mergeCommit == commit.Hash || slices.ContainsFunc(d.ahead, func(a *gitobject.Commit) bool { return a.Hash == commit.Hash }) {
			found = append(found, i)
		}
	}
	return each(page(c, found), func(i *issue) object { return c.simplePull(c.repo, i) }), nil
}

// between lists the commits that tip has and base has not, parents first; a nil base has none.
func (g objects) between(base, tip *gitobject.Commit) ([]*gitobject.Commit, error) {
	seen := map[plumbing.Hash]bool{}
	if base != nil {
		err := gitobject.NewCommitPreorderIter(base, nil, nil).ForEach(func(c *gitobject.Commit) error {
			seen[c.Hash] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	var out []*gitobject.Commit
	pending := []*gitobject.Commit{tip}
	for len(pending) > 0 {
		commit := pending[len(pending)-1]
		if seen[commit.Hash] {
			pending = pending[:len(pending)-1]
			continue
		}
		waits := false
		for i := range commit.NumParents() {
			parent, err := commit.Parent(i)
			if err != nil {
				return nil, err
			}
			if !seen[parent.Hash] {
				pending, waits = append(pending, parent), true
			}
		}
		if !waits {
			seen[commit.Hash] = true
			out = append(out, commit)
		}
	}
	return out, nil
}

func (v view) commits(repo *repository, commits []*gitobject.Commit) ([]object, error) {
	out := make([]object, len(commits))
	for i, commit := range commits {
		var err error
		if out[i], err = v.commit(repo, commit); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (v view) commit(repo *repository, commit *gitobject.Commit) (object, error) {
	inner, err := v.gitCommit(repo, commit)
	if err != nil {
		return nil, err
	}
	api := v.base + "/repos/" + repo.fullName() + "/commits/"
	parents := each(commit.ParentHashes, func(id plumbing.Hash) object {
		return object{"sha": id.String(), "url": api + id.String(), "html_url": v.commitPage(repo, id)}
	})
	return object{
		"url": api + commit.Hash.String(), "sha": commit.Hash.String(), "node_id": inner["node_id"], "html_url": inner["html_url"],
		"comments_url": api + commit.Hash.String() + "/comments", "parents": parents,
		"author": v.byEmail(commit.Author.Email), "committer": v.byEmail(commit.Committer.Email),
		"commit": object{
			"url": inner["url"], "message": commit.Message, "author": inner["author"], "committer": inner["committer"],
			"tree": inner["tree"], "comment_count": 0, "verification": inner["verification"],
		},
	}, nil
}

// byEmail is the account that an author line belongs to, or null.
func (v view) byEmail(email string) any {
	if email == webFlow.Email {
		return v.accountObject(v.Server.account("web-flow"))
	}
	for _, a := range v.accounts {
		if a.email() == email {
			return v.accountObject(a)
		}
	}
	return nil
}
