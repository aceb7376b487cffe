package githubtest

import "strings"

// minimalRepository is the form in which repositories appear inside other resources.
func (v view) minimalRepository(r *repository) object {
	api := v.base + "/repos/" + r.fullName()
	o := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.fullName(), "private": r.private,
		"owner": v.accountObject(r.owner), "html_url": v.base + "/" + r.fullName(), "description": nil, "fork": r.fork != nil, "url": api,
	}
	for name, path := range map[string]string{
		"archive": "/{archive_format}{/ref}", "assignees": "/assignees{/user}", "blobs": "/git/blobs{/sha}", "branches": "/branches{/branch}",
		"collaborators": "/collaborators{/collaborator}", "comments": "/comments{/number}", "commits": "/commits{/sha}",
		"compare": "/compare/{base}...{head}", "contents": "/contents/{+path}", "contributors": "/contributors",
		"deployments": "/deployments", "downloads": "/downloads", "events": "/events", "forks": "/forks",
		"git_commits": "/git/commits{/sha}", "git_refs": "/git/refs{/sha}", "git_tags": "/git/tags{/sha}", "hooks": "/hooks",
		"issue_comment": "/issues/comments{/number}", "issue_events": "/issues/events{/number}", "issues": "/issues{/number}",
		"keys": "/keys{/key_id}", "labels": "/labels{/name}", "languages": "/languages", "merges": "/merges",
		"milestones": "/milestones{/number}", "notifications": "/notifications{?since,all,participating}", "pulls": "/pulls{/number}",
		"releases": "/releases{/id}", "stargazers": "/stargazers", "statuses": "/statuses/{sha}", "subscribers": "/subscribers",
		"subscription": "/subscription", "tags": "/tags", "teams": "/teams", "trees": "/git/trees{/sha}",
	} {
		o[name+"_url"] = api + path
	}
	return o
}

// repository is the form in which lists show repositories.
func (v view) repository(r *repository) object {
	o := v.minimalRepository(r)
	web := v.base + "/" + r.fullName()
	host := strings.TrimPrefix(strings.TrimPrefix(v.base, "http://"), "https://")
	for name, value := range (object{
		"clone_url": web + ".git", "git_url": "git://" + host + "/" + r.fullName() + ".git", "svn_url": web,
		"ssh_url": "git@" + host + ":" + r.fullName() + ".git", "mirror_url": nil, "homepage": nil, "language": nil, "license": nil,
		"default_branch": r.defaultBranch, "archived": r.archived, "disabled": false, "visibility": visibility(r), "topics": []string{},
		"has_issues": true, "has_projects": true, "has_wiki": true, "has_pages": false, "has_downloads": true, "has_discussions": false,
		"is_template": false, "allow_forking": true, "web_commit_signoff_required": false,
		"forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "size": 0,
		"open_issues": r.openIssues(), "open_issues_count": r.openIssues(),
		"created_at": stamp(r.created), "updated_at": stamp(r.created), "pushed_at": stamp(r.pushed),
	}) {
		o[name] = value
	}
	return o
}

// fullRepository is the form that describes one repository to the one who asks.
func (v view) fullRepository(r *repository, viewer *token) object {
	o := v.repository(r)
	o["network_count"], o["subscribers_count"] = 0, 0
	for field, method := range map[string]string{"allow_merge_commit": "merge", "allow_squash_merge": "squash", "allow_rebase_merge": "rebase"} {
		o[field] = r.merging.allows(method)
	}
	o["allow_auto_merge"], o["allow_update_branch"], o["delete_branch_on_merge"] = r.merging.AutoMerge, false, false
	if r.owner.kind == organization {
		o["organization"] = v.accountObject(r.owner)
	}
	if r.fork != nil {
		o["parent"], o["source"] = v.repository(r.fork), v.repository(r.fork)
	}
	if viewer.kind != anonymous {
		write := viewer.covers(r) && (viewer.kind == personalToken && r.writable(viewer.account) || viewer.permissions["contents"] == "write")
		o["permissions"] = object{"admin": false, "maintain": false, "push": write, "triage": write, "pull": true}
	}
	return o
}

func visibility(r *repository) string {
	if r.private {
		return "private"
	}
	return "public"
}

func (r *repository) openIssues() int {
	n := 0
	for _, i := range r.issues {
		if i.open() {
			n++
		}
	}
	return n
}
