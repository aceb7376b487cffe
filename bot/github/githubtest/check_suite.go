package githubtest

import (
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// checkSuite gathers an App's check runs of one commit.
type checkSuite struct {
	id      int64
	app     *app
	head    plumbing.Hash
	commit  *gitobject.Commit
	created time.Time
}

func checkSuiteRoutes() []route {
	const repo = "/repos/{owner}/{repo}"
	return []route{
		{method: "GET", pattern: repo + "/check-suites/{check_suite_id}", access: reads("checks"), status: 200, handle: (*Server).getCheckSuite},
		{method: "GET", pattern: repo + "/commits/{ref...}/check-suites", access: reads("checks"), status: 200, handle: (*Server).listCheckSuites},
	}
}

// suite returns an App's suite of a commit and makes it on first use.
func (s *Server) suite(repo *repository, commit *gitobject.Commit, by *app) *checkSuite {
	for _, suite := range repo.suites {
		if suite.head == commit.Hash && suite.app == by {
			return suite
		}
	}
	suite := &checkSuite{id: s.nextID(), app: by, head: commit.Hash, commit: commit, created: s.now()}
	repo.suites = append(repo.suites, suite)
	return suite
}

func (s *Server) getCheckSuite(c *call) (any, error) {
	id, err := c.number("check_suite_id")
	if err != nil {
		return nil, err
	}
	for _, suite := range c.repo.suites {
		if suite.id == id {
			return c.checkSuite(c.repo, suite), nil
		}
	}
	return nil, errNotFound
}

func (s *Server) listCheckSuites(c *call) (any, error) {
	id, err := c.statusCommit()
	if err != nil {
		return nil, err
	}
	var found []*checkSuite
	for _, suite := range c.repo.suites {
		if suite.head == id {
			found = append(found, suite)
		}
	}
	return object{
		"total_count":  len(found),
		"check_suites": each(page(c, found), func(suite *checkSuite) object { return c.checkSuite(c.repo, suite) }),
	}, nil
}

func (s *Server) emitSuite(action string, repo *repository, suite *checkSuite, by *account) {
	s.emit("check_suite", action, repo, by, func(v view) object { return object{"check_suite": v.checkSuite(repo, suite)} })
}

// suiteState sums a suite up: complete when every run is, and then as good as the worst of them.
func (r *repository) suiteState(suite *checkSuite) (status, conclusion string) {
	status, conclusion = "completed", "success"
	runs := r.runsIn(suite)
	if len(runs) == 0 {
		return "queued", ""
	}
	for _, run := range runs {
		switch run.conclusion {
		case "":
			return "in_progress", ""
		case "success", "neutral", "skipped":
		default:
			conclusion = run.conclusion
		}
	}
	return status, conclusion
}

func (v view) checkSuite(repo *repository, suite *checkSuite) object {
	api := fmt.Sprintf("%s/repos/%s/check-suites/%d", v.base, repo.fullName(), suite.id)
	status, conclusion := repo.suiteState(suite)
	before := plumbing.ZeroHash
	if len(suite.commit.ParentHashes) > 0 {
		before = suite.commit.ParentHashes[0]
	}
	o := object{
		"id": suite.id, "node_id": nodeID("CS", suite.id), "head_branch": nil, "head_sha": suite.head.String(), "status": status,
		"conclusion": text(conclusion), "url": api, "before": before.String(), "after": suite.head.String(),
		"pull_requests": v.pullsWith(repo, suite.head), "app": v.app(suite.app), "repository": v.minimalRepository(repo),
		"created_at": stamp(suite.created), "updated_at": stamp(suite.created), "head_commit": simpleCommit(suite.commit),
		"latest_check_runs_count": len(repo.runsIn(suite)), "check_runs_url": api + "/check-runs",
	}
	for _, name := range repo.git.branches() {
		if tip, _ := repo.git.head(name); tip == suite.head {
			o["head_branch"] = name
		}
	}
	return o
}

// pullsWith lists the open pull requests whose head is the commit, in the short form of checks.
func (v view) pullsWith(repo *repository, head plumbing.Hash) []object {
	found := []object{}
	short := object{"id": repo.id, "url": v.base + "/repos/" + repo.fullName(), "name": repo.name}
	for _, i := range repo.issues {
		if i.pull == nil || !i.open() || i.pull.headID != head {
			continue
		}
		found = append(found, object{
			"id": i.pull.id, "number": i.number, "url": fmt.Sprintf("%s/repos/%s/pulls/%d", v.base, repo.fullName(), i.number),
			"head": object{"ref": i.pull.head, "sha": i.pull.headID.String(), "repo": short},
			"base": object{"ref": i.pull.base, "sha": i.pull.baseID.String(), "repo": short},
		})
	}
	return found
}

// rollup sums the checks and statuses of a commit up: green when every required one passed, failing when any did not, or not yet.
func (r *repository) rollup(head plumbing.Hash, required []string) (green, failing bool) {
	outcomes := map[string]string{} // of the newest of each name
	for _, run := range r.runsOf(head) {
		outcomes[run.name] = run.conclusion
	}
	for _, st := range latest(r.statusesOf(head)) {
		outcomes[st.context] = st.state
	}
	passed := map[string]bool{}
	for name, outcome := range outcomes {
		passed[name] = outcome == "success" || outcome == "neutral" || outcome == "skipped"
		failing = failing || !passed[name]
	}
	green = true
	for _, name := range required {
		green = green && passed[name]
	}
	return green, failing
}
