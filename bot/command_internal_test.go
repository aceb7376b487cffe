package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestCommands(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		want []command
	}{
		"none":              {"Thanks!\n/basebump rebase", nil},
		"quoted":            {"> /basebump rebase", nil},
		"another program":   {"/basebumpy rebase", nil},
		"one":               {"\r\n\n  /basebump rebase  \r\nplease", []command{{name: "rebase"}}},
		"any case":          {"/basebump ReCreate", []command{{name: "recreate"}}},
		"a tab":             {"/basebump\thold", []command{{name: "hold"}}},
		"several":           {"/basebump unignore\nand then\n/basebump explain", []command{{name: "unignore"}, {name: "explain"}}},
		"something behind":  {"/basebump rebase now", []command{{name: "rebase", problem: "`rebase` takes nothing behind it."}}},
		"nothing":           {"/basebump", []command{{problem: vocabulary}}},
		"unknown":           {"/basebump @acme/all`<b>", []command{{name: "@acme/all`<b>", problem: "`@acme/all'<b>` is nothing that I know. " + vocabulary}}},
		"ignore":            {"/basebump ignore", []command{{name: "ignore"}}},
		"until":             {"/basebump ignore until=2026-12-31", []command{{name: "ignore", until: day("2026-12-31")}}},
		"until today":       {"/basebump ignore until=2026-11-23", []command{{name: "ignore", until: day("2026-11-23")}}},
		"until and reason":  {"/basebump ignore until=2026-12-31 reason=freeze of the year", []command{{name: "ignore", until: day("2026-12-31"), reason: "freeze of the year"}}},
		"reason and until":  {`/basebump ignore reason="a = b" until=2026-12-31`, []command{{name: "ignore", until: day("2026-12-31"), reason: "a = b"}}},
		"an open quote":     {`/basebump ignore reason="a b`, []command{{name: "ignore", reason: "a b"}}},
		"no date":           {"/basebump ignore until=tomorrow", []command{{name: "ignore", problem: "`until=tomorrow` is no date: write it as `until=2026-12-31`."}}},
		"no such day":       {"/basebump ignore until=2026-02-30", []command{{name: "ignore", problem: "`until=2026-02-30` is no date: write it as `until=2026-12-31`."}}},
		"in the past":       {"/basebump ignore until=2026-11-22", []command{{name: "ignore", until: day("2026-11-22"), problem: "`until=2026-11-22` has passed already."}}},
		"in words":          {"/basebump ignore until  2026-12-31 freeze = end of the year", []command{{name: "ignore", until: day("2026-12-31"), reason: "freeze = end of the year"}}},
		"a reason alone":    {"/basebump ignore not this year", []command{{name: "ignore", reason: "not this year"}}},
		"until nothing":     {"/basebump ignore until", []command{{name: "ignore", problem: "`until=` is no date: write it as `until=2026-12-31`."}}},
		"a late date":       {"/basebump ignore freeze until 2026-12-31", []command{{name: "ignore", problem: "`freeze` is nothing that `ignore` takes: write `/basebump ignore until=2026-12-31 reason=…`."}}},
		"a date in a colon": {"/basebump ignore until:2026-12-31", []command{{name: "ignore", problem: "`until:2026-12-31` is nothing that `ignore` takes: write `/basebump ignore until=2026-12-31 reason=…`."}}},
		"two reasons":       {`/basebump ignore reason="a" b`, []command{{name: "ignore", reason: "a", problem: "`b` is nothing that `ignore` takes: write `/basebump ignore until=2026-12-31 reason=…`."}}},
		"what ignore lacks": {"/basebump ignore untill=2026-12-31", []command{{name: "ignore", problem: "`untill=2026-12-31` is nothing that `ignore` takes: write `/basebump ignore until=2026-12-31 reason=…`."}}},
		"a long reason":     {"/basebump ignore reason=" + strings.Repeat("ä", 300), []command{{name: "ignore", reason: strings.Repeat("ä", 200) + "…"}}},
		"too many": {strings.Repeat("/basebump hold\n", 7), []command{
			{name: "hold"},
			{name: "hold"},
			{name: "hold"},
			{name: "hold"},
			{name: "hold"},
			{problem: "One comment holds 5 commands at most; the rest was left out."},
		}},
		"60 kB": {"/basebump hold\n" + strings.Repeat("ä", 30_000) + "\n/basebump rebase", []command{{name: "hold"}}},
	} {
		if diff := cmp.Diff(tc.want, commands(tc.body, noon), cmp.AllowUnexported(command{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOrderRunsOut(t *testing.T) {
	t.Parallel()
	order := Order{Until: day("2026-11-23")}
	if order.Over(noon) || order.Over(day("2026-11-24").Add(-time.Second)) || !order.Over(day("2026-11-24")) || (Order{}).Over(noon) {
		t.Error("an order holds to the end of its last day, or for ever")
	}
}

// FuzzCommands looks for a comment that panics, or makes a reply that is alive or without bounds.
func FuzzCommands(f *testing.F) {
	for _, seed := range []string{"/basebump ignore until=2026-12-31 reason=\"x\"", "/basebump\n/basebump a", "/basebump ignore reason=@a\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		found := commands(body, noon)
		if len(found) > mostCommands+1 {
			t.Fatalf("%d commands", len(found))
		}
		for _, c := range found {
			text := c.problem + Order{Until: c.until, Reason: c.reason}.untilMarkdown()
			if len(text) > 4_096 || strings.ContainsAny(text, "\n\r") {
				t.Fatalf("%q", text)
			}
		}
	})
}
