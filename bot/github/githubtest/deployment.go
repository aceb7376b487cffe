package githubtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// deployment is a request to bring a commit somewhere.
type deployment struct {
	id          int64
	commit      plumbing.Hash
	ref         string
	task        string
	environment string
	description string
	creator     *account
	created     time.Time
	statuses    []*deploymentStatus // oldest first
}

// deploymentStatus is how far a deployment got.
type deploymentStatus struct {
	id          int64
	state       string
	description string
	target      string
	environment string
	creator     *account
	created     time.Time
}

func deploymentRoutes() []route {
	const path = "/repos/{owner}/{repo}/deployments"
	return []route{
		{method: "GET", pattern: path, access: reads("deployments"), status: 200, handle: (*Server).listDeployments},
		{method: "POST", pattern: path, access: writes("deployments"), status: 201, handle: (*Server).createDeployment},
		{method: "GET", pattern: path + "/{deployment_id}", access: reads("deployments"), status: 200, handle: (*Server).getDeployment},
		{method: "GET", pattern: path + "/{deployment_id}/statuses", access: reads("deployments"), status: 200, handle: (*Server).listDeploymentStatuses},
		{method: "POST", pattern: path + "/{deployment_id}/statuses", access: writes("deployments"), status: 201, handle: (*Server).createDeploymentStatus},
	}
}

func (s *Server) listDeployments(c *call) (any, error) {
	var found []*deployment
	for _, d := range slices.Backward(c.repo.deployments) {
		matches := true
		for name, value := range map[string]string{"sha": d.commit.String(), "ref": d.ref, "task": d.task, "environment": d.environment} {
			asked := c.query(name)
			matches = matches && (asked == "" || asked == "none" || asked == value)
		}
		if matches {
			found = append(found, d)
		}
	}
	return each(page(c, found), func(d *deployment) object { return c.deployment(c.repo, d) }), nil
}

type deploymentRequest struct {
	Ref         string `json:"ref"`
	Task        string `json:"task"`
	Environment string `json:"environment"`
	Description string `json:"description"`
}

func (s *Server) createDeployment(c *call) (any, error) {
	want, err := decode[deploymentRequest](c)
	if err != nil {
		return nil, err
	}
	d, err := s.newDeployment(c.repo, c.actor(), want)
	if err != nil {
		return nil, err
	}
	return c.deployment(c.repo, d), nil
}

func (s *Server) newDeployment(repo *repository, by *account, want deploymentRequest) (*deployment, error) {
	commit, err := repo.git.resolve(want.Ref)
	if err != nil {
		return nil, missing(err, refuse(422, "No ref found for: "+want.Ref))
	}
	d := &deployment{
		id: s.nextID(), commit: commit.Hash, ref: want.Ref, task: cmp.Or(want.Task, "deploy"), description: want.Description,
		environment: cmp.Or(want.Environment, "production"), creator: by, created: s.now(),
	}
	repo.deployments = append(repo.deployments, d)
	return d, nil
}

func (c *call) findDeployment() (*deployment, error) {
	id, err := c.number("deployment_id")
	if err != nil {
		return nil, err
	}
	for _, d := range c.repo.deployments {
		if d.id == id {
			return d, nil
		}
	}
	return nil, errNotFound
}

func (s *Server) getDeployment(c *call) (any, error) {
	d, err := c.findDeployment()
	if err != nil {
		return nil, err
	}
	return c.deployment(c.repo, d), nil
}

func (s *Server) listDeploymentStatuses(c *call) (any, error) {
	d, err := c.findDeployment()
	if err != nil {
		return nil, err
	}
	newest := slices.Clone(d.statuses)
	slices.Reverse(newest)
	return each(page(c, newest), func(st *deploymentStatus) object { return c.deploymentStatus(c.repo, d, st) }), nil
}

type deploymentStatusRequest struct {
	State       string `json:"state"`
	LogURL      string `json:"log_url"`
	TargetURL   string `json:"target_url"`
	Description string `json:"description"`
	Environment string `json:"environment"`
}

func (s *Server) createDeploymentStatus(c *call) (any, error) {
	d, err := c.findDeployment()
	if err != nil {
		return nil, err
	}
	want, err := decode[deploymentStatusRequest](c)
	if err != nil {
		return nil, err
	}
	st, err := s.newDeploymentStatus(c.repo, d, c.actor(), want)
	if err != nil {
		return nil, err
	}
	return c.deploymentStatus(c.repo, d, st), nil
}

func (s *Server) newDeploymentStatus(repo *repository, d *deployment, by *account, want deploymentStatusRequest) (*deploymentStatus, error) {
	states := []string{"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}
	if !slices.Contains(states, want.State) {
		return nil, invalid(field("DeploymentStatus", "state", "invalid"))
	}
	st := &deploymentStatus{
		id: s.nextID(), state: want.State, description: want.Description, target: cmp.Or(want.LogURL, want.TargetURL),
		environment: cmp.Or(want.Environment, d.environment), creator: by, created: s.now(),
	}
	d.statuses = append(d.statuses, st)
	s.emit("deployment_status", "created", repo, by, func(v view) object {
		return object{"deployment": v.deployment(repo, d), "deployment_status": v.deploymentStatus(repo, d, st)}
	})
	return st, nil
}

func (v view) deployment(repo *repository, d *deployment) object {
	root := v.base + "/repos/" + repo.fullName()
	api := fmt.Sprintf("%s/deployments/%d", root, d.id)
	updated := d.created
	if n := len(d.statuses); n > 0 {
		updated = d.statuses[n-1].created
	}
	return object{
		"id": d.id, "node_id": nodeID("DE", d.id), "sha": d.commit.String(), "ref": d.ref, "task": d.task, "payload": object{},
		"original_environment": d.environment, "environment": d.environment, "description": text(d.description),
		"creator": v.accountObject(d.creator), "created_at": stamp(d.created), "updated_at": stamp(updated), "url": api,
		"statuses_url": api + "/statuses", "repository_url": root,
	}
}

func (v view) deploymentStatus(repo *repository, d *deployment, st *deploymentStatus) object {
	root := v.base + "/repos/" + repo.fullName()
	api := fmt.Sprintf("%s/deployments/%d", root, d.id)
	return object{
		"id": st.id, "node_id": nodeID("DES", st.id), "state": st.state, "creator": v.accountObject(st.creator),
		"description": st.description, "environment": st.environment, "target_url": st.target, "log_url": st.target,
		"environment_url": "", "created_at": stamp(st.created), "updated_at": stamp(st.created), "deployment_url": api,
		"repository_url": root, "url": fmt.Sprintf("%s/statuses/%d", api, st.id),
	}
}
