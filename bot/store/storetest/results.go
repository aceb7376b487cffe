package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/config/fault"
)

func empty(t *testing.T, open Open) {
	s := open(t)
	same(t, "overview", store.Overview{}, overview(t, s))
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Repository(t.Context(), "acme/api"); fault.ClassOf(err) != fault.NotFound {
		t.Errorf("an unknown repository: %v", err)
	}
}

func result(t *testing.T, open Open) {
	s := open(t)
	save(t, s, planned(api), noon)
	open7 := store.Proposal{Repository: "acme/api", Proposal: proposal(7, bot.Open), First: noon, Updated: noon}
	closed3 := store.Proposal{Repository: "acme/api", Proposal: proposal(3, bot.Closed), First: noon, Updated: noon}
	held := []store.Held{
		{Repository: "acme/api", Title: "update nginx", Action: bot.Waiting, Reason: "10 pull requests are open"},
		{Repository: "acme/api", Title: "update node", Action: bot.Declined, Reason: "#3 was closed"},
	}
	summary := store.Summary{Name: "acme/api", Seen: noon, Planned: noon, Open: 1, Held: 2, Rows: 2, Problems: 1}
	rows := planned(api).Plan.Unchanged
	redis, failed := store.Row{Repository: "acme/api", Unchanged: rows[0]}, store.Row{Repository: "acme/api", Unchanged: rows[1]}
	same(t, "overview", store.Overview{
		Proposals: []store.Proposal{open7, closed3}, Held: held, Problems: []store.Row{failed}, Repositories: []store.Summary{summary},
		Totals: store.Totals{Repositories: 1, Open: 1, Held: 2, Problems: 1},
	}, overview(t, s))
	repository, err := s.Repository(t.Context(), "acme/api")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "repository", store.Repository{
		Summary: summary, Proposals: []store.Proposal{open7, closed3}, Held: held, Rows: []store.Row{failed, redis},
	}, repository)
}

func replaced(t *testing.T, open Open) {
	s := open(t)
	save(t, s, planned(api), noon)
	save(t, s, planned(web), noon)
	later := noon.Add(time.Hour)
	refreshed := proposal(7, bot.Open)
	refreshed.Title, refreshed.Head = "update debian again", "head 2"
	save(t, s, bot.Result{
		Repository: api, Plan: bot.Plan{Unchanged: []bot.Unchanged{}},
		Outcomes: []bot.Outcome{{Action: bot.Refreshed, Proposal: refreshed}},
	}, later)
	repository, err := s.Repository(t.Context(), "acme/api")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "summary", store.Summary{Name: "acme/api", Seen: later, Planned: later, Open: 1}, repository.Summary)
	same(t, "proposal", store.Proposal{Repository: "acme/api", Proposal: refreshed, First: noon, Updated: later}, repository.Proposals[0])
	same(t, "totals", store.Totals{Repositories: 2, Open: 2, Held: 2, Problems: 1}, overview(t, s).Totals)
}

func failed(t *testing.T, open Open) {
	s := open(t)
	save(t, s, planned(api), noon)
	later := noon.Add(time.Hour)
	problem := &fault.Error{Op: "read", Target: "acme/api", Hint: "grant it", Err: errors.New("403 forbidden")}
	save(t, s, bot.Result{Repository: api, Err: problem}, later)
	same(t, "summaries", []store.Summary{{
		Name: "acme/api", Seen: later, Planned: noon, Open: 1, Held: 2, Rows: 2, Problems: 1,
		Error: "read acme/api: 403 forbidden; grant it",
	}}, overview(t, s).Repositories)
}

func ended(t *testing.T, open Open) {
	s := open(t)
	save(t, s, planned(api), noon)
	save(t, s, planned(web), noon)
	nothing := bot.Result{Repository: api, Plan: bot.Plan{Unchanged: []bot.Unchanged{}}, Err: errors.New("unclear")}
	save(t, s, nothing, noon.Add(time.Hour))
	same(t, "open after an error", 2, overview(t, s).Totals.Open)
	nothing.Err = nil
	save(t, s, nothing, noon.Add(2*time.Hour))
	o := overview(t, s)
	same(t, "open after all", 1, o.Totals.Open)
	var states []string
	for _, p := range o.Proposals {
		states = append(states, fmt.Sprintf("%s#%d %s", p.Repository, p.Number, p.State))
	}
	same(t, "states", []string{"acme/web#7 open", "acme/api#7 ended", "acme/api#3 closed", "acme/web#3 closed"}, states)
}

func obsolete(t *testing.T, open Open) {
	s := open(t)
	save(t, s, planned(api), noon)
	save(t, s, bot.Result{
		Repository: api, Plan: bot.Plan{Unchanged: []bot.Unchanged{}},
		Outcomes: []bot.Outcome{{Action: bot.Obsolete, Proposal: proposal(7, bot.Open)}},
	}, noon.Add(time.Hour))
	same(t, "state", bot.Closed, overview(t, s).Proposals[0].State)
}

func remembered(t *testing.T, open Open) {
	s := open(t)
	recall := func(repo bot.Repository) (numbers []int, elsewhere int) {
		t.Helper()
		found, elsewhere, err := s.Remembered(t.Context(), repo)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			numbers = append(numbers, p.Number)
		}
		return numbers, elsewhere
	}
	check := func(what string, repo bot.Repository, want []int, wantElsewhere int) {
		t.Helper()
		numbers, elsewhere := recall(repo)
		same(t, what, want, numbers)
		same(t, what+", elsewhere", wantElsewhere, elsewhere)
	}
	check("nothing yet", api, nil, 0)
	save(t, s, planned(api), noon)
	save(t, s, planned(web), noon)
	save(t, s, planned(bot.Repository{Owner: "acme-labs", Name: "api"}), noon)
	check("open in two repositories of one owner", api, []int{7}, 1)
	check("a new one", bot.Repository{Owner: "acme", Name: "new"}, nil, 2)
	landed := proposal(7, bot.Merged)
	save(t, s, bot.Result{
		Repository: api, Plan: bot.Plan{Unchanged: []bot.Unchanged{}},
		Outcomes: []bot.Outcome{{Action: bot.Landed, Proposal: landed}},
	}, noon.Add(time.Hour))
	check("merged", api, nil, 1)
	check("of the other", web, []int{7}, 0)
}

func cutLists(t *testing.T, open Open) {
	s := open(t)
	result := bot.Result{Repository: api}
	for i := range store.Limit + 1 {
		result.Plan.Unchanged = append(result.Plan.Unchanged, bot.Unchanged{File: "f", Line: i, Failed: true})
	}
	save(t, s, result, noon)
	o := overview(t, s)
	same(t, "listed", store.Limit, len(o.Problems))
	same(t, "counted", store.Limit+1, o.Totals.Problems)
}

func hostile(t *testing.T, open Open) {
	s := open(t)
	text := "'; DROP TABLE repository; --\x00\n<script>" + "\u202e"
	repo := bot.Repository{Owner: text, Name: text}
	row := bot.Unchanged{Image: text, Tag: text, File: text, Reason: text}
	save(t, s, bot.Result{Repository: repo, Plan: bot.Plan{Unchanged: []bot.Unchanged{row}}}, noon)
	got, err := s.Repository(t.Context(), repo.String())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "row", row, got.Rows[0].Unchanged)
}
