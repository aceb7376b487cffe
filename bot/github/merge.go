package github

import (
	"context"
	"fmt"
	"net/http"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// startTime is how long our own check is not believed to be the only one: others may not have begun yet.
const startTime = 10 * time.Minute

// Merge implements bot.Keeper: by GitHub's own auto-merge where the repository has it, else at once when all is green. Both name the
// head that we know, so that nothing else is merged.
func (c *Client) Merge(ctx context.Context, repo bot.Repository, proposal bot.Proposal, method string) (merged bool, text string, err error) {
	l, err := c.link(ctx, repo)
	if err != nil {
		return false, "", err
	}
	settings, _, err := l.write.Repositories.Get(ctx, repo.Owner, repo.Name)
	if err != nil {
		return false, "", l.failed("read", err)
	}
	if method = allowed(settings, method); method == "" {
		return false, "not merged: the repository does not allow the way that pull_requests.merge_method names", nil
	}
	request, err := l.pull(ctx, proposal.Number)
	switch {
	case err != nil:
		return false, "", err
	case request.GetHead().GetSHA() != proposal.Head:
		return false, "not merged: GitHub does not show our commit yet", nil
	}
	if settings.GetAllowAutoMerge() {
		ordered, err := l.orderMerge(ctx, request, method)
		if ordered || err != nil {
			return false, "GitHub merges it once its checks are green", l.explain(ctx, err)
		}
	}
	merged, text, err = l.mergeNow(ctx, request, method)
	return merged, text, l.explain(ctx, err)
}

// allowed returns the way to merge: the one wanted, if the repository allows it, else the first that it allows.
func allowed(settings *gh.Repository, wanted string) string {
	for _, way := range []struct {
		name string
		ok   bool
	}{
		{"merge", settings.GetAllowMergeCommit()}, {"squash", settings.GetAllowSquashMerge()}, {"rebase", settings.GetAllowRebaseMerge()},
	} {
		if way.ok && (wanted == "" || wanted == way.name) {
			return way.name
		}
	}
	return ""
}

// mergeNow merges when GitHub says that nothing is in the way and every check and status is green.
func (l link) mergeNow(ctx context.Context, request *gh.PullRequest, method string) (merged bool, text string, err error) {
	switch state := request.GetMergeableState(); state {
	case "clean", "has_hooks":
	default:
		return false, "not merged yet: GitHub calls it " + oneLine(state), nil
	}
	head := request.GetHead().GetSHA()
	waits, err := l.waitsFor(ctx, head)
	if err != nil || waits != "" {
		return false, "not merged yet: " + waits, err
	}
	_, _, err = l.write.PullRequests.Merge(ctx, l.repo.Owner, l.repo.Name, request.GetNumber(), "", &gh.PullRequestOptions{
		SHA: head, MergeMethod: method,
	})
	switch status(err) {
	case http.StatusMethodNotAllowed, http.StatusConflict, http.StatusUnprocessableEntity:
		return false, "not merged yet: " + fault.Text(l.failed("merge in", err)), nil
	}
	if err != nil {
		return false, "", l.failed(fmt.Sprintf("merge pull request #%d of", request.GetNumber()), err)
	}
	return true, "merged by itself: its checks are green", nil
}

// waitsFor says what of a commit's checks and statuses is not green; empty when all are. A commit of which nobody but us has said
// anything may be one whose checks have not begun.
func (l link) waitsFor(ctx context.Context, head string) (string, error) {
	var begun time.Time
	others := 0
	options := &gh.ListCheckRunsOptions{ListOptions: gh.ListOptions{PerPage: perPage}}
	for {
		page, resp, err := l.write.Checks.ListCheckRunsForRef(ctx, l.repo.Owner, l.repo.Name, head, options)
		if err != nil {
			return "", l.failed("list the checks of", err)
		}
		for _, run := range page.CheckRuns {
			if !isGreen(run) {
				return "the check " + oneLine(run.GetName()) + " is not green", nil
			}
			if run.GetName() == CheckName {
				begun = run.GetCompletedAt().Time
			} else {
				others++
			}
		}
		if options.Page = resp.NextPage; options.Page == 0 {
			break
		}
	}
	combined, _, err := l.write.Repositories.GetCombinedStatus(ctx, l.repo.Owner, l.repo.Name, head, nil)
	if err != nil {
		return "", l.failed("read the status of a commit of", err)
	}
	switch others += combined.GetTotalCount(); {
	case combined.GetTotalCount() > 0 && combined.GetState() != "success":
		return "its status is " + oneLine(combined.GetState()), nil
	case others == 0 && (begun.IsZero() || l.options.Now().Sub(begun) < startTime):
		return "no check but ours has begun", nil
	}
	return "", nil
}

func isGreen(run *gh.CheckRun) bool {
	switch run.GetConclusion() {
	case "success", "neutral", "skipped":
		return true
	}
	return false
}
