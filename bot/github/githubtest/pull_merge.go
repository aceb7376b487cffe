package githubtest

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

var (
	errNotMergeable = refuse(http.StatusMethodNotAllowed, "Pull Request is not mergeable")
	errHeadModified = refuse(http.StatusConflict, "Head branch was modified. Review and try the merge again.")
)

func pullMergeRoutes() []route {
	const pull = "/repos/{owner}/{repo}/pulls/{pull_number}"
	return []route{
		{method: "PUT", pattern: pull + "/merge", access: writes("contents"), status: 200, handle: (*Server).mergePull},
		{method: "GET", pattern: pull + "/merge", access: reads("pull_requests"), handle: (*Server).pullMerged},
		{method: "PUT", pattern: pull + "/update-branch", access: writes("pull_requests"), status: 202, handle: (*Server).updateBranch},
	}
}

func (s *Server) pullMerged(c *call) (any, error) {
	i, err := c.pullIssue()
	if err == nil && i.pull.merged.IsZero() {
		err = errNotFound
	}
	return nil, err
}

type mergeRequest struct {
	Title   string `json:"commit_title"`
	Message string `json:"commit_message"`
	SHA     string `json:"sha"`
	Method  string `json:"merge_method"`
}

func (s *Server) mergePull(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	want, err := decode[mergeRequest](c)
	if err != nil {
		return nil, err
	}
	if want.SHA != "" && want.SHA != i.pull.headID.String() {
		return nil, errHeadModified
	}
	rule := c.repo.protected[i.pull.base]
	if green, _ := c.repo.rollup(i.pull.headID, rule.Checks); !green {
		return nil, refuse(http.StatusMethodNotAllowed, "Required status check is expected.")
	}
	method := cmp.Or(want.Method, "merge")
	if !c.repo.merging.allows(method) {
		return nil, refuse(http.StatusMethodNotAllowed, strings.ToUpper(method[:1])+method[1:]+" merges are not allowed on this repository.")
	}
	if rule.Strict && i.pull.behind > 0 {
		return nil, refuse(http.StatusMethodNotAllowed, "Head branch is out of date. Review and try the merge again.")
	}
	id, err := s.merge(c.repo, i, c.actor(), want)
	if err != nil {
		return nil, err
	}
	return object{"sha": id.String(), "merged": true, "message": "Pull Request successfully merged"}, nil
}

// merge makes the commit that brings the head into the base, signed by GitHub, and moves the base onto it.
func (s *Server) merge(repo *repository, i *issue, by *account, want mergeRequest) (plumbing.Hash, error) {
	baseID, ok := repo.git.head(i.pull.base)
	if !ok || !i.open() || i.pull.draft || i.pull.conflicted {
		return plumbing.ZeroHash, errNotMergeable
	}
	base, head, err := repo.git.pair(baseID, i.pull.headID)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	tree, _, err := repo.git.merge(base, head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	commit := &gitobject.Commit{Author: signer(by, s.now()), TreeHash: tree, ParentHashes: []plumbing.Hash{baseID, head.Hash}}
	commit.Message = fmt.Sprintf("Merge pull request #%d from %s/%s\n\n%s", i.number, repo.owner.login, i.pull.head, i.title)
	if want.Method == "squash" || want.Method == "rebase" {
		commit.Message, commit.ParentHashes = fmt.Sprintf("%s (#%d)\n\n%s", i.title, i.number, i.body), commit.ParentHashes[:1]
	}
	if want.Title != "" {
		commit.Message = want.Title + "\n\n" + want.Message
	}
	signed(commit, s.now())
	id, err := repo.git.put(commit)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	s.markMerged(repo, i, id, by)
	return id, s.move(repo, plumbing.NewBranchReferenceName(i.pull.base), id, by)
}

type updateBranchRequest struct {
	Expected string `json:"expected_head_sha"`
}

// updateBranch merges the base into the head. GitHub does so in the background; here it is done when the answer goes out.
func (s *Server) updateBranch(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	want, err := decode[updateBranchRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Expected != "" && want.Expected != i.pull.headID.String() {
		return nil, unprocessable("expected head sha didn’t match current head ref.")
	}
	if err := s.bringUpToDate(c.repo, i, c.actor()); err != nil {
		return nil, err
	}
	return object{"message": "Updating pull request branch.", "url": c.base + c.request.URL.Path}, nil
}

func (s *Server) bringUpToDate(repo *repository, i *issue, by *account) error {
	baseID, ok := repo.git.head(i.pull.base)
	if !ok || i.pull.conflicted {
		return unprocessable("merge conflict between base and head")
	}
	if i.pull.behind == 0 {
		return unprocessable("There are no new commits on the base branch.")
	}
	head, base, err := repo.git.pair(i.pull.headID, baseID)
	if err != nil {
		return err
	}
	tree, conflicts, err := repo.git.merge(head, base)
	if err != nil || len(conflicts) > 0 {
		return errors.Join(err, errNotMergeable)
	}
	commit := &gitobject.Commit{
		Author: signer(by, s.now()), TreeHash: tree, ParentHashes: []plumbing.Hash{head.Hash, baseID},
		Message: "Merge branch '" + i.pull.base + "' into " + i.pull.head,
	}
	signed(commit, s.now())
	id, err := repo.git.put(commit)
	if err != nil {
		return err
	}
	return s.move(repo, plumbing.NewBranchReferenceName(i.pull.head), id, by)
}
