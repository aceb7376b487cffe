package main

import (
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
)

// remoteHost stands for a Git server without comments.
type remoteHost struct{ host }

func TestSocial(t *testing.T) {
	t.Parallel()
	forge, err := github.New(github.Options{APIURL: "https://api.github.com/", Token: "x"})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := bot.Repository{Owner: "git", Name: "app", Head: "1"}
	several := newHosts(forge, remoteHost{})
	several.owner[elsewhere] = remoteHost{}
	for name, tc := range map[string]struct {
		forge host
		repo  bot.Repository
		want  bool
	}{
		"GitHub alone":                  {forge, bot.Repository{Owner: "acme", Name: "web"}, true},
		"a Git server alone":            {remoteHost{}, elsewhere, false},
		"a Git server besides":          {several, elsewhere, false},
		"GitHub besides, pushed to now": {several, bot.Repository{Owner: "acme", Name: "web", Head: "new"}, true},
	} {
		if got := (&service{forge: tc.forge}).social(tc.repo); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
