package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/dockerfile/manifest"
	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

// propose plans the files and proposes what comes out; it returns "action title" for each outcome.
func propose(t *testing.T, p bot.Proposer, planner *bot.Planner, files tree) []string {
	t.Helper()
	snapshot, err := bot.Extract(t.Context(), files, nil, manifest.Set{})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := planner.Plan(t.Context(), snapshot)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := p.Propose(t.Context(), bot.Repository{Owner: "acme", Name: "app"}, snapshot, plan)
	var lines []string
	for _, o := range outcomes {
		lines = append(lines, string(o.Action)+" "+o.Title)
	}
	if err != nil {
		lines = append(lines, "error "+err.Error())
	}
	return lines
}

func TestPropose(t *testing.T) {
	t.Parallel()
	const title = "fix(docker): update debian:12 to the 2026-11-20 build (1 vulnerability fixed, 1 critical)"
	pinned := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}
	newest := tree{"Dockerfile": "FROM debian:12@" + newDigest + "\n"}
	settings := bot.PullRequests{BranchPrefix: "basebump/", Limit: 10}
	set := func(t *testing.T) (*forge, *registry, *scanner, bot.Proposer, *bot.Planner) {
		f := &forge{tips: map[string]bot.Tip{}}
		r, s := world()
		return f, r, s, bot.Proposer{Forge: f, Settings: settings}, planner(r, s)
	}
	check := func(t *testing.T, what string, got []string, want ...string) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}

	t.Run("opened, then left alone, then refreshed, then obsolete", func(t *testing.T) {
		t.Parallel()
		f, r, s, proposer, planner := set(t)
		check(t, "first", propose(t, proposer, planner, pinned), "opened "+title)
		change := f.changes[f.proposals[0].Branch]
		check(t, "file", []string{string(change.Files["Dockerfile"])}, "FROM debian:12@"+newDigest+"\n")
		check(t, "again", propose(t, proposer, planner, pinned), "up to date "+title)
		check(t, "asked", f.since(), "open", "subjects", "history", "look", "propose", "open")
		const newer = "sha256:abababab00000000000000000000000000000000000000000000000000000000"
		r.tags[debian+":12"] = newer
		s.found[newer] = nil
		check(t, "moved on", propose(t, proposer, planner, pinned),
			"refreshed fix(docker): update debian:12 to the build abababab (1 vulnerability fixed, 1 critical)")
		r.tags[debian+":12"] = newDigest
		check(t, "merged elsewhere", propose(t, proposer, planner, newest),
			"closed as obsolete fix(docker): update debian:12 to the build abababab (1 vulnerability fixed, 1 critical)")
		check(t, "asked then", f.since(), "open", "history", "propose", "open", "close")
		check(t, "said", f.said, "The files no longer need this change: `debian:12` at `Dockerfile:1` stays (newest).")
		if len(f.proposals) != 1 {
			t.Errorf("%d pull requests, want 1", len(f.proposals))
		}
	})
	t.Run("closed by a person is a no to this digest only", func(t *testing.T) {
		t.Parallel()
		f, r, _, proposer, planner := set(t)
		propose(t, proposer, planner, pinned)
		f.proposals[0].State = bot.Closed
		check(t, "same digest", propose(t, proposer, planner, pinned), "declined "+title)
		r.tags[debian+":12"] = "sha256:abababab00000000000000000000000000000000000000000000000000000000"
		check(t, "next digest", propose(t, proposer, planner, pinned),
			"opened fix(docker): update debian:12 to the build abababab (1 vulnerability fixed, 1 critical)")
	})
	t.Run("a person's commit freezes it", func(t *testing.T) {
		t.Parallel()
		f, _, _, proposer, planner := set(t)
		propose(t, proposer, planner, pinned)
		f.proposals[0].Head, f.tips[f.proposals[0].Branch] = "ann's", bot.Tip{Holder: bot.Theirs, Head: "ann's"}
		f.since()
		check(t, "frozen", propose(t, proposer, planner, pinned), "frozen "+title)
		check(t, "asked", f.since(), "open", "look", "warn")
		check(t, "frozen still", propose(t, proposer, planner, pinned), "frozen "+title)
		check(t, "asked again", f.since(), "open")
		check(t, "no longer needed", propose(t, proposer, planner, newest), "frozen "+title)
		proposer.Orders = []bot.Order{{Branch: f.proposals[0].Branch, Kind: bot.OrderRebase}}
		check(t, "rebased as ordered", propose(t, proposer, planner, pinned), "rebased "+title)
	})
	t.Run("what cannot be known closes nothing", func(t *testing.T) {
		t.Parallel()
		f, r, _, proposer, planner := set(t)
		propose(t, proposer, planner, pinned)
		r.errs[debian+":12"] = errors.New("500")
		check(t, "unknown", propose(t, proposer, planner, pinned), "left open "+title)
		if f.proposals[0].State != bot.Open {
			t.Error("closed although the registry did not answer")
		}
	})
	t.Run("the limit makes others wait", func(t *testing.T) {
		t.Parallel()
		f, r, _, proposer, planner := set(t)
		proposer.Settings.Limit = 1
		r.tags["docker.io/library/redis:7"] = newDigest
		files := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\nFROM redis:7\n"}
		check(t, "limit", propose(t, proposer, planner, files), "opened "+title, "waiting chore(docker): pin redis:7 to f747294e")
		if len(f.proposals) != 1 {
			t.Errorf("%d pull requests, want 1", len(f.proposals))
		}
	})
	t.Run("one failure does not stop the others", func(t *testing.T) {
		t.Parallel()
		f, r, _, proposer, planner := set(t)
		r.tags["docker.io/library/redis:7"] = newDigest
		files := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\nFROM redis:7\n"}
		propose(t, proposer, planner, pinned)
		f.failOn = f.proposals[0].Branch
		check(t, "failure", propose(t, proposer, planner, files),
			"opened chore(docker): pin redis:7 to f747294e", fmt.Sprintf("error propose %q: 500", title))
	})
	t.Run("two images that share an ARG move together", func(t *testing.T) {
		t.Parallel()
		f, r, s, proposer, planner := set(t)
		planner.Policy.Update, planner.Policy.When = tag.Minor, scan.Always
		s.found = nil
		r.listed = []string{"1.1", "1.2"}
		r.tags = map[string]string{}
		for _, name := range []string{"acme/api", "acme/web"} {
			r.tags["docker.io/"+name+":1.1"], r.tags["docker.io/"+name+":1.2"] = oldDigest, newDigest
		}
		files := tree{"Dockerfile": "ARG V=1.1\nFROM acme/api:${V}\nFROM acme/web:${V}\n"}
		check(t, "shared", propose(t, proposer, planner, files), "opened chore(docker): update acme/api to 1.2 and acme/web to 1.2")
		want := "ARG V=1.2\nFROM acme/api:${V}@" + newDigest + "\nFROM acme/web:${V}@" + newDigest + "\n"
		check(t, "file", []string{string(f.changes[f.proposals[0].Branch].Files["Dockerfile"])}, want)
	})
	t.Run("two images that share a line of an .env file move together", func(t *testing.T) {
		t.Parallel()
		f, r, s, proposer, planner := set(t)
		planner.Policy.Update, planner.Policy.When = tag.Minor, scan.Always
		s.found = nil
		r.listed = []string{"1.1", "1.2"}
		r.tags = map[string]string{}
		for _, name := range []string{"acme/api", "acme/web"} {
			r.tags["docker.io/"+name+":1.1"], r.tags["docker.io/"+name+":1.2"] = oldDigest, newDigest
		}
		files := tree{
			".env": "V=1.1\n", "compose.yaml": "services: {a: {image: 'acme/api:${V}'}}\n", "compose.web.yaml": "services: {w: {image: 'acme/web:${V}'}}\n",
		}
		check(t, "shared", propose(t, proposer, planner, files), "opened chore(docker): update acme/web to 1.2 and acme/api to 1.2")
		check(t, "file", []string{string(f.changes[f.proposals[0].Branch].Files[".env"])}, "V=1.2\n")
		if body := f.proposals[0].Body; !strings.Contains(body, "`compose.yaml:1` (set in `.env:1`)") {
			t.Errorf("the body does not name the .env file: %s", body)
		}
	})
	t.Run("grouped by repository", func(t *testing.T) {
		t.Parallel()
		f, r, _, proposer, planner := set(t)
		proposer.Settings.ByRepository = true
		r.tags["docker.io/library/redis:7"] = newDigest
		files := tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\nFROM redis:7\n"}
		check(t, "group", propose(t, proposer, planner, files),
			"opened fix(docker): update debian:12 and redis:7 (1 vulnerability fixed, 1 critical)")
		if f.proposals[0].Branch != "basebump/images" {
			t.Errorf("branch %q", f.proposals[0].Branch)
		}
	})
}
