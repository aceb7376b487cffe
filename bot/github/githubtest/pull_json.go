package githubtest

import (
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
)

// simplePull is the form in which lists show pull requests.
func (v view) simplePull(repo *repository, i *issue) object {
	p := i.pull
	api := fmt.Sprintf("%s/repos/%s/pulls/%d", v.base, repo.fullName(), i.number)
	issueAPI := fmt.Sprintf("%s/repos/%s/issues/%d", v.base, repo.fullName(), i.number)
	web := v.threadPage(repo, i)
	statuses := v.base + "/repos/" + repo.fullName() + "/statuses/" + p.headID.String()
	o := object{
		"id": p.id, "node_id": nodeID("PR", p.id), "number": i.number, "state": i.state, "locked": i.locked, "title": i.title,
		"body": text(i.body), "user": v.accountObject(i.user), "labels": each(i.labels, func(l *label) object { return v.label(repo, l) }),
		"assignee": v.firstAssignee(i), "assignees": each(i.assignees, v.accountObject), "milestone": nil, "active_lock_reason": text(i.lockReason),
		"requested_reviewers": each(p.reviewers, v.accountObject), "requested_teams": []object{}, "draft": p.draft,
		"created_at": stamp(i.created), "updated_at": stamp(i.updated), "closed_at": stamp(i.closed), "merged_at": stamp(p.merged),
		"merge_commit_sha": nil, "auto_merge": v.autoMerge(p.auto), "author_association": repo.association(i.user),
		"head": v.pullBranch(repo, p.head, p.headID), "base": v.pullBranch(repo, p.base, p.baseID),
		"url": api, "html_url": web, "diff_url": web + ".diff", "patch_url": web + ".patch", "issue_url": issueAPI,
		"commits_url": api + "/commits", "review_comments_url": api + "/comments",
		"review_comment_url": v.base + "/repos/" + repo.fullName() + "/pulls/comments{/number}",
		"comments_url":       issueAPI + "/comments", "statuses_url": statuses,
	}
	if !p.mergeCommit.IsZero() {
		o["merge_commit_sha"] = p.mergeCommit.String()
	}
	links := object{}
	for name, source := range map[string]string{
		"self": "url", "html": "html_url", "issue": "issue_url", "comments": "comments_url", "commits": "commits_url",
		"review_comments": "review_comments_url", "review_comment": "review_comment_url", "statuses": "statuses_url",
	} {
		links[name] = object{"href": o[source]}
	}
	o["_links"] = links
	return o
}

func (v view) pullBranch(repo *repository, branch string, id plumbing.Hash) object {
	return object{
		"label": repo.owner.login + ":" + branch, "ref": branch, "sha": id.String(),
		"user": v.accountObject(repo.owner), "repo": v.repository(repo),
	}
}

// pull is the form that describes one pull request.
func (v view) pull(repo *repository, i *issue) object {
	p := i.pull
	o := v.simplePull(repo, i)
	o["merged"], o["merged_by"] = !p.merged.IsZero(), v.simpleAccount(p.mergedBy)
	o["comments"], o["review_comments"] = repo.countComments(i), 0
	o["maintainer_can_modify"] = p.modifiable
	o["commits"], o["changed_files"], o["additions"], o["deletions"] = p.commits, p.files, p.additions, p.deletions
	o["mergeable"], o["rebaseable"], o["mergeable_state"] = i.mergeable(), i.mergeable(), repo.mergeState(i)
	return o
}
