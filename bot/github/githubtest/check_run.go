package githubtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// checkRun is one check of a commit.
type checkRun struct {
	id         int64
	suite      *checkSuite
	name       string
	details    string
	external   string
	status     string // queued, in_progress, completed
	conclusion string
	started    time.Time
	completed  time.Time
	output     checkOutput
	actions    []object
}

func checkRunRoutes() []route {
	const repo = "/repos/{owner}/{repo}"
	return []route{
		{method: "POST", pattern: repo + "/check-runs", access: writes("checks"), status: 201, handle: (*Server).createCheckRun},
		{method: "GET", pattern: repo + "/check-runs/{check_run_id}", access: reads("checks"), status: 200, handle: (*Server).getCheckRun},
		{method: "PATCH", pattern: repo + "/check-runs/{check_run_id}", access: writes("checks"), status: 200, handle: (*Server).updateCheckRun},
		{method: "GET", pattern: repo + "/check-runs/{check_run_id}/annotations", access: reads("checks"), status: 200, handle: (*Server).listAnnotations},
		{method: "POST", pattern: repo + "/check-runs/{check_run_id}/rerequest", access: writes("checks"), status: 201, handle: (*Server).rerequestRun},
		{method: "GET", pattern: repo + "/commits/{ref...}/check-runs", access: reads("checks"), status: 200, handle: (*Server).listCheckRuns},
	}
}

type checkRunRequest struct {
	Name       *string      `json:"name"`
	HeadSHA    string       `json:"head_sha"`
	DetailsURL *string      `json:"details_url"`
	ExternalID *string      `json:"external_id"`
	Status     string       `json:"status"`
	Conclusion string       `json:"conclusion"`
	Started    time.Time    `json:"started_at"`
	Completed  time.Time    `json:"completed_at"`
	Output     *checkOutput `json:"output"`
	Actions    []object     `json:"actions"`
}

type checkOutput struct {
	Title       *string           `json:"title"`
	Summary     *string           `json:"summary"`
	Text        *string           `json:"text"`
	Annotations []CheckAnnotation `json:"annotations"`
}

const (
	maxOutput      = 65535
	maxAnnotations = 50
)

func (want checkRunRequest) check() error {
	statuses := []string{"", "queued", "in_progress", "completed"}
	conclusions := []string{"", "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"}
	switch {
	case !slices.Contains(statuses, want.Status):
		return invalid(field("CheckRun", "status", "invalid"))
	case !slices.Contains(conclusions, want.Conclusion):
		return invalid(field("CheckRun", "conclusion", "invalid"))
	case want.Status == "completed" && want.Conclusion == "":
		return invalid(field("CheckRun", "conclusion", "missing_field"))
	case len(want.Actions) > 3:
		return invalid(field("CheckRun", "actions", "invalid"))
	case want.Output == nil:
		return nil
	}
	return want.Output.check()
}

func (o checkOutput) check() error {
	if o.Title == nil || o.Summary == nil {
		return unprocessable("Invalid request.\n\n\"title\" and \"summary\" must be supplied for output.")
	}
	if len(o.Annotations) > maxAnnotations {
		return unprocessable("Invalid request.\n\nNo more than 50 annotations can be given in a single request.")
	}
	if err := checkText("CheckRun", "summary", *o.Summary, maxOutput); err != nil {
		return err
	}
	return checkText("CheckRun", "text", deref(o.Text), maxOutput)
}

func (s *Server) createCheckRun(c *call) (any, error) {
	want, err := s.checkRequest(c)
	if err != nil {
		return nil, err
	}
	switch {
	case deref(want.Name) == "":
		return nil, unprocessable("Invalid request.\n\n\"name\" wasn't supplied.")
	case want.HeadSHA == "":
		return nil, unprocessable("Invalid request.\n\n\"head_sha\" wasn't supplied.")
	}
	id, ok := parseID(want.HeadSHA)
	if !ok {
		return nil, unprocessable("No commit found for SHA: " + want.HeadSHA)
	}
	commit, err := c.repo.git.commit(id)
	if err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+want.HeadSHA))
	}
	return c.checkRun(c.repo, s.addRun(c.repo, s.suite(c.repo, commit, s.app), c.actor(), want)), nil
}

func (s *Server) addRun(repo *repository, suite *checkSuite, by *account, want checkRunRequest) *checkRun {
	run := &checkRun{id: s.nextID(), suite: suite, status: "queued", started: s.now()}
	repo.runs = append(repo.runs, run)
	run.apply(want, s.now())
	s.emitRun("created", repo, run, by, nil)
	s.concluded(repo, run, by)
	return run
}

// checkRequest reads a check run. Only Apps write those.
func (s *Server) checkRequest(c *call) (checkRunRequest, error) {
	if c.token.kind != installationToken {
		return checkRunRequest{}, refuse(http.StatusForbidden, "You must authenticate via a GitHub App.")
	}
	want, err := decode[checkRunRequest](c)
	if err != nil {
		return want, err
	}
	return want, want.check()
}

// apply takes over what the request names. A conclusion completes the run; annotations add up.
func (r *checkRun) apply(want checkRunRequest, now time.Time) {
	for target, value := range map[*string]*string{&r.name: want.Name, &r.details: want.DetailsURL, &r.external: want.ExternalID} {
		if value != nil {
			*target = *value
		}
	}
	if want.Status != "" {
		r.status, r.conclusion, r.completed = want.Status, "", time.Time{}
	}
	if want.Conclusion != "" {
		r.status, r.conclusion, r.completed = "completed", want.Conclusion, now
	}
	if !want.Started.IsZero() {
		r.started = want.Started
	}
	if !want.Completed.IsZero() {
		r.completed = want.Completed
	}
	if want.Output != nil {
		annotations := append(r.output.Annotations, want.Output.Annotations...)
		r.output = *want.Output
		r.output.Annotations = annotations
	}
	if want.Actions != nil {
		r.actions = want.Actions
	}
}

func (c *call) run() (*checkRun, error) {
	id, err := c.number("check_run_id")
	if err != nil {
		return nil, err
	}
	for _, run := range c.repo.runs {
		if run.id == id {
			return run, nil
		}
	}
	return nil, errNotFound
}

func (s *Server) getCheckRun(c *call) (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	return c.checkRun(c.repo, run), nil
}

func (s *Server) updateCheckRun(c *call) (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	want, err := s.checkRequest(c)
	if err != nil {
		return nil, err
	}
	if run.suite.app != s.app {
		return nil, refuse(http.StatusForbidden, "Check runs can only be modified by the GitHub App that created them.")
	}
	run.apply(want, c.at)
	s.concluded(c.repo, run, c.actor())
	return c.checkRun(c.repo, run), nil
}

func (s *Server) listCheckRuns(c *call) (any, error) {
	id, err := c.statusCommit()
	if err != nil {
		return nil, err
	}
	newest := map[string]*checkRun{}
	for _, run := range c.repo.runsOf(id) {
		newest[fmt.Sprint(run.suite.id, run.name)] = run
	}
	found := slices.DeleteFunc(c.repo.runsOf(id), func(run *checkRun) bool {
		name, status := c.query("check_name"), c.query("status")
		old := c.query("filter") != "all" && newest[fmt.Sprint(run.suite.id, run.name)] != run
		return old || name != "" && name != run.name || status != "" && status != run.status
	})
	return object{
		"total_count": len(found),
		"check_runs":  each(page(c, found), func(run *checkRun) object { return c.checkRun(c.repo, run) }),
	}, nil
}

func (r *repository) runsIn(suite *checkSuite) []*checkRun {
	return slices.DeleteFunc(r.runsOf(suite.head), func(run *checkRun) bool { return run.suite != suite })
}

func (r *repository) runsOf(id plumbing.Hash) []*checkRun {
	var found []*checkRun
	for _, run := range r.runs {
		if run.suite.head == id {
			found = append(found, run)
		}
	}
	return found
}
