package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// status is what someone outside says about a commit, per context.
type status struct {
	id          int64
	commit      plumbing.Hash
	state       string // error, failure, pending, success
	context     string
	description string
	target      string
	creator     *account
	created     time.Time
}

func statusRoutes() []route {
	const repo = "/repos/{owner}/{repo}"
	return []route{
		{method: "POST", pattern: repo + "/statuses/{sha}", access: writes("statuses"), status: 201, handle: (*Server).createStatus},
		{method: "GET", pattern: repo + "/commits/{ref...}/statuses", access: reads("statuses"), status: 200, handle: (*Server).listStatuses},
		{method: "GET", pattern: repo + "/commits/{ref...}/status", access: reads("statuses"), status: 200, handle: (*Server).combinedStatus},
	}
}

type statusRequest struct {
	State       string `json:"state"`
	TargetURL   string `json:"target_url"`
	Description string `json:"description"`
	Context     string `json:"context"`
}

func (want statusRequest) check() error {
	if !slices.Contains([]string{"error", "failure", "pending", "success"}, want.State) {
		return invalid(field("Status", "state", "invalid"))
	}
	return checkText("Status", "description", want.Description, 140)
}

func (s *Server) createStatus(c *call) (any, error) {
	want, err := decode[statusRequest](c)
	if err != nil {
		return nil, err
	}
	id, ok := parseID(c.vars["sha"])
	if !ok {
		return nil, unprocessable("No commit found for SHA: " + c.vars["sha"])
	}
	made, err := s.newStatus(c.repo, id, c.actor(), want)
	if err != nil {
		return nil, err
	}
	return c.status(c.repo, made), nil
}

// newStatus records a status; each context takes at most a thousand per commit.
func (s *Server) newStatus(repo *repository, id plumbing.Hash, by *account, want statusRequest) (*status, error) {
	if err := want.check(); err != nil {
		return nil, err
	}
	commit, err := repo.git.commit(id)
	if err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+id.String()))
	}
	if want.Context == "" {
		want.Context = "default"
	}
	before := 0
	for _, known := range repo.statusesOf(id) {
		if known.context == want.Context {
			before++
		}
	}
	if before >= 1000 {
		return nil, invalid(custom("Status", "This SHA and context has reached the maximum number of statuses."))
	}
	rendered, err := s.view().commit(repo, commit)
	if err != nil {
		return nil, err
	}
	made := &status{
		id: s.nextID(), commit: id, state: want.State, context: want.Context, description: want.Description, target: want.TargetURL,
		creator: by, created: s.now(),
	}
	repo.statuses = append(repo.statuses, made)
	s.emit("status", "", repo, by, func(v view) object {
		return object{
			"id": made.id, "sha": id.String(), "name": repo.fullName(), "state": made.state, "context": made.context,
			"description": text(made.description), "target_url": text(made.target), "avatar_url": v.base + "/avatars/" + by.login,
			"commit": rendered, "branches": v.branchesAt(repo, id), "created_at": stamp(made.created), "updated_at": stamp(made.created),
		}
	})
	s.carryOut(repo)
	return made, nil
}

// statusesOf lists a commit's statuses, newest first.
func (r *repository) statusesOf(id plumbing.Hash) []*status {
	var found []*status
	for _, known := range slices.Backward(r.statuses) {
		if known.commit == id {
			found = append(found, known)
		}
	}
	return found
}

// latest keeps the newest status of each context.
func latest(newestFirst []*status) []*status {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(newestFirst), func(st *status) bool {
		old := seen[st.context]
		seen[st.context] = true
		return old
	})
}

func (c *call) statusCommit() (plumbing.Hash, error) {
	commit, err := c.repo.git.resolve(c.vars["ref"])
	if err != nil {
		return plumbing.ZeroHash, missing(err, refuse(http.StatusUnprocessableEntity, "No commit found for SHA: "+c.vars["ref"]))
	}
	return commit.Hash, nil
}

func (s *Server) listStatuses(c *call) (any, error) {
	id, err := c.statusCommit()
	if err != nil {
		return nil, err
	}
	return each(page(c, c.repo.statusesOf(id)), func(st *status) object { return c.status(c.repo, st) }), nil
}

func (s *Server) combinedStatus(c *call) (any, error) {
	id, err := c.statusCommit()
	if err != nil {
		return nil, err
	}
	current := latest(c.repo.statusesOf(id))
	api := c.base + "/repos/" + c.repo.fullName() + "/commits/" + id.String()
	return object{
		"state": combine(current), "sha": id.String(), "total_count": len(current), "repository": c.minimalRepository(c.repo),
		"statuses":   each(page(c, current), func(st *status) object { return c.status(c.repo, st) }),
		"commit_url": api, "url": api + "/status",
	}, nil
}

// combine is failure when anything failed, pending when anything or nothing is awaited, else success.
func combine(current []*status) string {
	state := "success"
	if len(current) == 0 {
		state = "pending"
	}
	for _, st := range current {
		switch st.state {
		case "error", "failure":
			return "failure"
		case "pending":
			state = "pending"
		}
	}
	return state
}

func (v view) status(repo *repository, st *status) object {
	return object{
		"id": st.id, "node_id": nodeID("SC", st.id), "state": st.state, "context": st.context, "description": text(st.description),
		"target_url": text(st.target), "creator": v.accountObject(st.creator), "avatar_url": v.base + "/avatars/" + st.creator.login,
		"created_at": stamp(st.created), "updated_at": stamp(st.created),
		"url": fmt.Sprintf("%s/repos/%s/statuses/%s", v.base, repo.fullName(), st.commit),
	}
}
