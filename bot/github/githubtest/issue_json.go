package githubtest

import "fmt"

func (v view) issue(repo *repository, i *issue) object {
	api := fmt.Sprintf("%s/repos/%s/issues/%d", v.base, repo.fullName(), i.number)
	o := object{
		"id": i.id, "node_id": nodeID("I", i.id), "number": i.number, "title": i.title, "body": text(i.body), "state": i.state,
		"state_reason": text(i.stateReason), "locked": i.locked, "active_lock_reason": text(i.lockReason), "user": v.accountObject(i.user),
		"labels":    each(i.labels, func(l *label) object { return v.label(repo, l) }),
		"assignee":  v.firstAssignee(i),
		"assignees": each(i.assignees, v.accountObject), "milestone": nil, "comments": repo.countComments(i),
		"created_at": stamp(i.created), "updated_at": stamp(i.updated), "closed_at": stamp(i.closed), "closed_by": v.simpleAccount(i.closedBy),
		"author_association": repo.association(i.user), "performed_via_github_app": v.viaApp(i.viaApp),
		"reactions": v.rollup(api+"/reactions", nil), "timeline_url": api + "/timeline",
		"url": api, "repository_url": v.base + "/repos/" + repo.fullName(), "labels_url": api + "/labels{/name}",
		"comments_url": api + "/comments", "events_url": api + "/events", "html_url": v.threadPage(repo, i),
	}
	if i.pull != nil {
		page := v.threadPage(repo, i)
		o["draft"] = i.pull.draft
		o["pull_request"] = object{
			"url":      fmt.Sprintf("%s/repos/%s/pulls/%d", v.base, repo.fullName(), i.number),
			"html_url": page, "diff_url": page + ".diff", "patch_url": page + ".patch", "merged_at": stamp(i.pull.merged),
		}
	}
	return o
}

func (v view) firstAssignee(i *issue) any {
	if len(i.assignees) == 0 {
		return nil
	}
	return v.accountObject(i.assignees[0])
}

// threadPage is the page of an issue or pull request for people.
func (v view) threadPage(repo *repository, i *issue) string {
	kind := "issues"
	if i.pull != nil {
		kind = "pull"
	}
	return fmt.Sprintf("%s/%s/%s/%d", v.base, repo.fullName(), kind, i.number)
}
