package bot_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

// fleet is repositories in memory.
type fleet map[string]bot.Source

func (f fleet) Repositories(context.Context) ([]bot.Repository, error) {
	return []bot.Repository{{Owner: "acme", Name: "app"}, {Owner: "acme", Name: "broken"}, {Owner: "acme", Name: "unreadable"}}, errors.New("globex: suspended")
}

func (f fleet) Source(repo bot.Repository) bot.Source { return f[repo.Name] }

// unreadable is a source that does not answer.
type unreadable struct{ bot.Source }

func (unreadable) Files(context.Context) ([]bot.File, error) {
	return nil, errors.New("502 bad gateway")
}

func TestCycleGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	r, s := world()
	pinned := "FROM debian:12@" + oldDigest + "\n"
	f := &forge{}
	cycle := &bot.Cycle{
		Fleet: fleet{
			"app":        tree{"Dockerfile": pinned, "vendor/Dockerfile": pinned, ".github/basebump.yaml": "paths"},
			"broken":     tree{"Dockerfile": pinned, ".github/basebump.yaml": "broken"},
			"unreadable": unreadable{},
		},
		Forge:   f,
		Planner: planner(r, s),
	}
	cycle.Customize = func(data []byte) (bot.Custom, error) {
		custom := bot.Custom{Policy: cycle.Planner.Policy, PullRequests: bot.PullRequests{BranchPrefix: "basebump/", Limit: 10}}
		switch string(data) {
		case "broken":
			return bot.Custom{}, errors.New("basebump.yaml:1:1: unknown key")
		case "paths":
			custom.Reads = func(path string) bool { return path == "Dockerfile" }
		}
		return custom, nil
	}
	var reported []string
	cycle.Report = func(result bot.Result) { reported = append(reported, result.Repository.Name) }
	_, err := cycle.Run(t.Context())
	want := "list repositories: globex: suspended\nacme/broken: basebump.yaml:1:1: unknown key\nacme/unreadable: list files: 502 bad gateway"
	if err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	if d := cmp.Diff([]string{"app", "broken", "unreadable"}, reported); d != "" {
		t.Errorf("reported (-want +got):\n%s", d)
	}
	if len(f.proposals) != 1 {
		t.Fatalf("%d proposals, want 1", len(f.proposals))
	}
	if files := f.changes[f.proposals[0].Branch].Files; len(files) != 1 || files["Dockerfile"] == nil {
		t.Errorf("changed %v, want the Dockerfile alone", files)
	}
}
