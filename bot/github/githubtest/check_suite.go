package githubtest

import (
	"fmt"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// checkSuite gathers an App's check runs of one commit.
type checkSuite struct {
	id      int64
	head    plumbing.Hash
	created time.Time
}

// suite returns the App's suite of a commit and makes it on first use.
func (s *Server) suite(repo *repository, head plumbing.Hash) *checkSuite {
	for _, suite := range repo.suites {
		if suite.head == head {
			return suite
		}
	}
	suite := &checkSuite{id: s.nextID(), head: head, created: s.now()}
	repo.suites = append(repo.suites, suite)
	return suite
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

// rollup sums the checks of a commit up: green when every required one passed, failing when any did not.
func (r *repository) rollup(head plumbing.Hash, required []string) (green, failing bool) {
	passed := map[string]bool{}
	for _, run := range r.runsOf(head) {
		switch run.conclusion {
		case "success", "neutral", "skipped":
			passed[run.name] = true
		case "":
		default:
			passed[run.name], failing = false, true
		}
	}
	green = true
	for _, name := range required {
		green = green && passed[name]
	}
	return green, failing
}
