package githubtest

// Issue is an issue as a person would see it.
type Issue struct {
	Number   int
	Title    string
	Body     string
	State    string // open or closed
	Author   string
	Labels   []string
	Comments []Comment
}

// Issues returns every issue that is no pull request, oldest first.
func (r *Repo) Issues() []Issue {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	var out []Issue
	for _, i := range r.repo.issues {
		if i.pull != nil {
			continue
		}
		seen := Issue{Number: i.number, Title: i.title, Body: i.body, State: i.state, Author: i.user.login}
		for _, l := range i.labels {
			seen.Labels = append(seen.Labels, l.name)
		}
		for _, m := range r.repo.commentsOf(i) {
			seen.Comments = append(seen.Comments, lookAt(m))
		}
		out = append(out, seen)
	}
	return out
}

// CloseIssue closes an issue.
func (r *Repo) CloseIssue(number int, login string) error {
	return r.onThread("close", number, func(i *issue) error {
		r.server.setClosed(r.repo, i, r.server.account(login))
		return nil
	})
}

// ReopenIssue opens a closed issue again.
func (r *Repo) ReopenIssue(number int, login string) error {
	return r.onThread("reopen", number, func(i *issue) error {
		r.server.setOpen(r.repo, i, r.server.account(login))
		return nil
	})
}
