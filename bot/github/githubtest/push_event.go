package githubtest

import (
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// emitPush tells of a ref that moved. GitHub leaves commits out of a new branch's push that other branches have; so do we.
func (s *Server) emitPush(repo *repository, name plumbing.ReferenceName, p push, by *account) {
	s.emit("push", "", repo, by, func(v view) object {
		commits := p.commits
		if p.before.IsZero() && name.Short() != repo.defaultBranch && len(commits) > 0 {
			commits = commits[len(commits)-1:]
		}
		o := object{
			"ref": name.String(), "before": p.before.String(), "after": p.after.String(), "base_ref": nil,
			"created": p.before.IsZero(), "deleted": p.after.IsZero(), "forced": p.forced,
			"compare": v.base + "/" + repo.fullName() + "/compare/" + p.before.String() + "..." + p.after.String(),
			"commits": each(commits, func(c pushedCommit) object { return v.pushedCommit(repo, c) }),
			"pusher":  object{"name": by.login, "email": by.email()}, "head_commit": nil, "repository": v.pushRepository(repo),
		}
		if p.tip != nil {
			o["head_commit"] = v.pushedCommit(repo, *p.tip)
		}
		return o
	})
}

// pushRepository is the repository in a push, whose times are numbers for reasons of age.
func (v view) pushRepository(repo *repository) object {
	o := v.repository(repo)
	o["created_at"], o["pushed_at"] = repo.created.Unix(), repo.pushed.Unix()
	o["stargazers"], o["master_branch"] = 0, repo.defaultBranch
	return o
}

func (v view) pushedCommit(repo *repository, c pushedCommit) object {
	o := simpleCommit(c.Commit)
	o["url"], o["distinct"] = v.commitPage(repo, c.Hash), true
	for name, status := range map[string]string{"added": "added", "modified": "modified", "removed": "removed"} {
		paths := []string{}
		for _, f := range c.files {
			if f.status == status {
				paths = append(paths, f.path)
			}
		}
		slices.Sort(paths)
		o[name] = paths
	}
	return o
}

// simpleCommit is the form in which commits appear in events and check suites.
func simpleCommit(c *gitobject.Commit) object {
	return object{
		"id": c.Hash.String(), "tree_id": c.TreeHash.String(), "message": c.Message, "timestamp": stamp(c.Committer.When),
		"author": identity(c.Author), "committer": identity(c.Committer),
	}
}
