package githubtest

import (
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

func gitCommitRoutes() []route {
	return []route{
		{method: "GET", pattern: "/repos/{owner}/{repo}/git/commits/{commit_sha}", access: reads("contents"), status: 200, handle: (*Server).getGitCommit},
		{method: "POST", pattern: "/repos/{owner}/{repo}/git/commits", access: writes("contents"), status: 201, handle: (*Server).createGitCommit},
	}
}

func (s *Server) getGitCommit(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	id, ok := parseID(c.vars["commit_sha"])
	if !ok {
		return nil, errNotFound
	}
	commit, err := c.repo.git.commit(id)
	if err != nil {
		return nil, missing(err, errNotFound)
	}
	return c.gitCommit(c.repo, commit)
}

type commitRequest struct {
	Message   string           `json:"message"`
	Tree      string           `json:"tree"`
	Parents   []string         `json:"parents"`
	Author    *identityRequest `json:"author"`
	Committer *identityRequest `json:"committer"`
	Signature string           `json:"signature"`
}

type identityRequest struct {
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Date  time.Time `json:"date"`
}

func (i *identityRequest) signature(at time.Time) gitobject.Signature {
	if !i.Date.IsZero() {
		at = i.Date
	}
	return gitobject.Signature{Name: i.Name, Email: i.Email, When: at.UTC().Truncate(time.Second)}
}

func (s *Server) createGitCommit(c *call) (any, error) {
	if c.repo.git.empty() {
		return nil, errEmpty
	}
	want, err := decode[commitRequest](c)
	if err != nil {
		return nil, err
	}
	commit, err := want.commit(c)
	if err != nil {
		return nil, err
	}
	id, err := c.repo.git.put(commit)
	if err != nil {
		return nil, err
	}
	stored, err := c.repo.git.commit(id)
	if err != nil {
		return nil, err
	}
	return c.gitCommit(c.repo, stored)
}

func (want commitRequest) commit(c *call) (*gitobject.Commit, error) {
	if want.Message == "" {
		return nil, unprocessable("Invalid request.\n\n\"message\" wasn't supplied.")
	}
	treeID, ok := parseID(want.Tree)
	if !ok {
		return nil, unprocessable("Tree SHA must be exactly 40 characters and contain only [0-9a-f].")
	}
	if _, err := gitobject.GetTree(c.repo.git, treeID); err != nil {
		return nil, missing(err, unprocessable("Tree SHA does not exist"))
	}
	parents, err := want.parents(c.repo.git)
	if err != nil {
		return nil, err
	}
	commit := &gitobject.Commit{Message: want.Message, TreeHash: treeID, ParentHashes: parents, PGPSignature: want.Signature}
	return commit, want.sign(c, commit)
}

func (want commitRequest) parents(git objects) ([]plumbing.Hash, error) {
	var parents []plumbing.Hash
	for _, name := range want.Parents {
		id, ok := parseID(name)
		if !ok {
			return nil, unprocessable("The parents parameter must be exactly 40 characters and contain only [0-9a-f].")
		}
		if _, err := git.commit(id); err != nil {
			return nil, missing(err, unprocessable("Parent SHA does not exist or is not a commit object"))
		}
		parents = append(parents, id)
	}
	return parents, nil
}

// sign fills in who made the commit. GitHub signs only what an App makes without naming an author, a committer or a signature.
func (want commitRequest) sign(c *call, commit *gitobject.Commit) error {
	if want.Author != nil && (want.Author.Name == "" || want.Author.Email == "") {
		return unprocessable("Invalid request.\n\n\"name\" and \"email\" must be supplied for author.")
	}
	commit.Author = signer(c.actor(), c.at)
	if want.Author != nil {
		commit.Author = want.Author.signature(c.at)
	}
	commit.Committer = commit.Author
	if want.Committer != nil && want.Committer.Name != "" {
		commit.Committer = want.Committer.signature(c.at)
	}
	if c.token.kind == installationToken && want.Author == nil && want.Committer == nil && want.Signature == "" {
		signed(commit, c.at)
	}
	return nil
}

func (v view) gitCommit(repo *repository, commit *gitobject.Commit) (object, error) {
	proof, err := verification(commit)
	if err != nil {
		return nil, err
	}
	parents := []object{}
	for _, id := range commit.ParentHashes {
		parents = append(parents, object{"sha": id.String(), "url": v.gitURL(repo, "commits", id), "html_url": v.commitPage(repo, id)})
	}
	return object{
		"sha": commit.Hash.String(), "node_id": nodeID("C", repo.id) + commit.Hash.String(), "url": v.gitURL(repo, "commits", commit.Hash),
		"html_url": v.commitPage(repo, commit.Hash), "message": commit.Message, "parents": parents, "verification": proof,
		"author": identity(commit.Author), "committer": identity(commit.Committer),
		"tree": object{"sha": commit.TreeHash.String(), "url": v.gitURL(repo, "trees", commit.TreeHash)},
	}, nil
}

func identity(s gitobject.Signature) object {
	return object{"name": s.Name, "email": s.Email, "date": stamp(s.When)}
}

func (v view) commitPage(repo *repository, id plumbing.Hash) string {
	return v.base + "/" + repo.fullName() + "/commit/" + id.String()
}
