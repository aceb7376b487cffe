package githubtest

import (
	"fmt"
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

// CheckAnnotation is a remark of a check run on lines of a file.
type CheckAnnotation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn *int   `json:"start_column"`
	EndColumn   *int   `json:"end_column"`
	Level       string `json:"annotation_level"` // notice, warning or failure
	Message     string `json:"message"`
	Title       string `json:"title"`
	RawDetails  string `json:"raw_details"`
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
	if _, err := c.repo.git.commit(id); err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+want.HeadSHA))
	}
	run := &checkRun{id: s.nextID(), suite: s.suite(c.repo, id), status: "queued", started: c.at}
	c.repo.runs = append(c.repo.runs, run)
	run.apply(want, c.at)
	return c.checkRun(c.repo, run), nil
}

// checkRequest reads a check run. Only Apps write those.
func (s *Server) checkRequest(c *call) (checkRunRequest, error) {
	if c.token.kind != installationToken {
		return checkRunRequest{}, refuse(403, "You must authenticate via a GitHub App.")
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
	run.apply(want, c.at)
	return c.checkRun(c.repo, run), nil
}

func (s *Server) listCheckRuns(c *call) (any, error) {
	commit, err := c.repo.git.resolve(c.vars["ref"])
	if err != nil {
		return nil, missing(err, unprocessable("No commit found for SHA: "+c.vars["ref"]))
	}
	found := slices.DeleteFunc(c.repo.runsOf(commit.Hash), func(run *checkRun) bool {
		name, status := c.query("check_name"), c.query("status")
		return name != "" && name != run.name || status != "" && status != run.status
	})
	return object{
		"total_count": len(found),
		"check_runs":  each(page(c, found), func(run *checkRun) object { return c.checkRun(c.repo, run) }),
	}, nil
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

func (v view) checkRun(repo *repository, run *checkRun) object {
	api := fmt.Sprintf("%s/repos/%s/check-runs/%d", v.base, repo.fullName(), run.id)
	page := fmt.Sprintf("%s/%s/runs/%d", v.base, repo.fullName(), run.id)
	details := run.details
	if details == "" {
		details = page
	}
	return object{
		"id": run.id, "node_id": nodeID("CR", run.id), "name": run.name, "head_sha": run.suite.head.String(), "external_id": run.external,
		"url": api, "html_url": page, "details_url": details, "status": run.status, "conclusion": text(run.conclusion),
		"started_at": stamp(run.started), "completed_at": stamp(run.completed), "app": v.app(v.Server.app),
		"check_suite": object{"id": run.suite.id}, "pull_requests": v.pullsWith(repo, run.suite.head),
		"output": object{
			"title": run.output.Title, "summary": run.output.Summary, "text": run.output.Text,
			"annotations_count": len(run.output.Annotations), "annotations_url": api + "/annotations",
		},
	}
}
