package github

import (
	"context"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v60/github"
)

// self is who we are on GitHub, as a commit names it: the author that GitHub itself puts on our commits. It is asked once.
func (l link) self(ctx context.Context) (string, error) {
	l.mu.Lock()
	known := l.name
	l.mu.Unlock()
	if known != "" {
		return known, nil
	}
	account, err := l.account(ctx)
	if err != nil {
		return "", failed("find out who signs off commits for", l.repo.String(), err)
	}
	host := "github.com"
	if l.base.Host != "api.github.com" {
		host = l.base.Hostname()
	}
	name := fmt.Sprintf("%s <%d+%s@users.noreply.%s>", account.GetLogin(), account.GetID(), account.GetLogin(), host)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Client.name = name
	return name, nil
}

// account is ours on GitHub. An installation's token, such as a workflow has, cannot ask who it is; it is taken for the one that
// workflows have.
func (l link) account(ctx context.Context) (*gh.User, error) {
	login := "github-actions[bot]"
	if l.key != nil || !strings.HasPrefix(l.options.Token, "ghs_") {
		var err error
		if login, err = l.Login(ctx); err != nil {
			return nil, err
		}
	}
	account, _, err := l.read.Users.Get(ctx, login)
	return account, err
}
