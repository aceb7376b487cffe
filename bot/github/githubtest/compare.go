package githubtest

import (
	"errors"
	"net/http"
	"strings"

	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

var errNoCommonAncestor = errors.New("no common ancestor")

func (s *Server) compare(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	from, to, ok := strings.Cut(c.vars["basehead"], "...")
	if !ok {
		return nil, errNotFound
	}
	base, err := c.repo.git.resolve(from)
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	_, branch, qualified := strings.Cut(to, ":")
	if !qualified {
		branch = to
	}
	head, err := c.repo.git.resolve(branch)
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	d, err := c.repo.git.distance(base, head)
	if errors.Is(err, errNoCommonAncestor) {
		return nil, refuse(http.StatusNotFound, "No common ancestor between "+from+" and "+to+".")
	}
	if err != nil {
		return nil, err
	}
	if c.accepts("diff") {
		return raw{http.StatusOK, "application/vnd.github.diff; charset=utf-8", []byte(d.change.text)}, nil
	}
	return c.comparison(c.repo, base, head, d, c.vars["basehead"])
}

// distance is how two commits stand to each other.
type distance struct {
	mergeBase     *gitobject.Commit
	ahead, behind []*gitobject.Commit // what head has and base has not, and the other way round; parents first
	change        treeDiff            // from the merge base to head
}

func (d distance) status() string {
	switch {
	case len(d.ahead) > 0 && len(d.behind) > 0:
		return "diverged"
	case len(d.ahead) > 0:
		return "ahead"
	case len(d.behind) > 0:
		return "behind"
	}
	return "identical"
}

func (g objects) distance(base, head *gitobject.Commit) (distance, error) {
	common, err := base.MergeBase(head)
	if err != nil {
		return distance{}, err
	}
	if len(common) == 0 {
		return distance{}, errNoCommonAncestor
	}
	d := distance{mergeBase: common[0]}
	if d.ahead, err = g.between(base, head); err != nil {
		return d, err
	}
	if d.behind, err = g.between(head, base); err != nil {
		return d, err
	}
	before, err := d.mergeBase.Tree()
	if err != nil {
		return d, err
	}
	after, err := head.Tree()
	if err != nil {
		return d, err
	}
	d.change, err = diffTrees(before, after)
	return d, err
}

func (c *call) comparison(repo *repository, base, head *gitobject.Commit, d distance, basehead string) (any, error) {
	commits, err := c.commits(repo, page(c, d.ahead))
	if err != nil {
		return nil, err
	}
	both, err := c.commits(repo, []*gitobject.Commit{base, d.mergeBase})
	if err != nil {
		return nil, err
	}
	web := c.base + "/" + repo.fullName() + "/compare/"
	return object{
		"url": c.base + "/repos/" + repo.fullName() + "/compare/" + basehead, "html_url": web + basehead,
		"permalink_url": web + base.Hash.String() + "..." + head.Hash.String(),
		"diff_url":      web + basehead + ".diff", "patch_url": web + basehead + ".patch",
		"base_commit": both[0], "merge_base_commit": both[1], "status": d.status(),
		"ahead_by": len(d.ahead), "behind_by": len(d.behind), "total_commits": len(d.ahead),
		"commits": commits, "files": c.diffEntries(repo, head.Hash, d.change),
	}, nil
}
