package githubtest

import (
	"errors"
	"fmt"
	"time"
)

var (
	errNoRun        = errors.New("no such check run")
	errNoDeployment = errors.New("no such deployment")
)

// SetStatus says something about a commit, as a CI system without an App does. The target is a branch or a commit id.
func (r *Repo) SetStatus(target, login, context, state string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	commit, err := r.repo.git.resolve(target)
	if err == nil {
		_, err = r.server.newStatus(r.repo, commit.Hash, r.server.account(login), statusRequest{State: state, Context: context})
	}
	if err != nil {
		return fmt.Errorf("set status %s of %s at %s: %w", context, r.repo.fullName(), target, err)
	}
	return nil
}

// AddCheckRun is a run of another App, GitHub's own Actions. It is complete when it has a conclusion, else in progress.
func (r *Repo) AddCheckRun(target, name, conclusion string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	commit, err := r.repo.git.resolve(target)
	if err != nil {
		return fmt.Errorf("add check run %s of %s at %s: %w", name, r.repo.fullName(), target, errNoCommit)
	}
	actions := r.server.actions()
	r.server.addRun(r.repo, r.server.suite(r.repo, commit, actions), actions.bot, checkRunRequest{
		Name: &name, Status: "in_progress", Conclusion: conclusion,
	})
	return nil
}

// Rerequest asks for a check run of ours again, as the button of that name does.
func (r *Repo) Rerequest(id int64, login string) error {
	return r.onRun("rerequest", id, func(run *checkRun) { r.server.rerequest(r.repo, run, r.server.account(login)) })
}

// RequestAction presses one of the buttons that a check run of ours offers.
func (r *Repo) RequestAction(id int64, login, identifier string) error {
	return r.onRun("request an action of", id, func(run *checkRun) {
		r.server.emitRun("requested_action", r.repo, run, r.server.account(login), object{"requested_action": object{"identifier": identifier}})
	})
}

func (r *Repo) onRun(verb string, id int64, do func(*checkRun)) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	for _, run := range r.repo.runs {
		if run.id == id {
			do(run)
			return nil
		}
	}
	return fmt.Errorf("%s check run %d of %s: %w", verb, id, r.repo.fullName(), errNoRun)
}

// Deploy starts a deployment of a branch or commit and returns its id.
func (r *Repo) Deploy(target, login, environment string) (int64, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	d, err := r.server.newDeployment(r.repo, r.server.account(login), deploymentRequest{Ref: target, Environment: environment})
	if err != nil {
		return 0, fmt.Errorf("deploy %s of %s: %w", target, r.repo.fullName(), err)
	}
	return d.id, nil
}

// SetDeploymentStatus tells how far a deployment got.
func (r *Repo) SetDeploymentStatus(id int64, login, state string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	for _, d := range r.repo.deployments {
		if d.id == id {
			_, err := r.server.newDeploymentStatus(r.repo, d, r.server.account(login), deploymentStatusRequest{State: state})
			return err
		}
	}
	return fmt.Errorf("set the status of deployment %d of %s: %w", id, r.repo.fullName(), errNoDeployment)
}

// actions is GitHub's own App for CI.
func (s *Server) actions() *app {
	if s.ci == nil {
		s.ci = &app{
			id: 15368, slug: "github-actions", clientID: "Iv1.05c79e9ad1f6bdfa", owner: s.account("github"), bot: s.account("github-actions[bot]"),
			permissions: map[string]string{"checks": "write"}, events: []string{}, created: time.Unix(1532000000, 0),
		}
		s.ci.bot.kind = bot
	}
	return s.ci
}
