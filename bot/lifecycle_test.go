package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
)

// lifeCycle is the table of docs/proposals.md: what becomes of a proposal (row) when the plan asks for something (column).
const lifeCycle = `
                              | same        | reworded    | newer       | covered              | nothing            | unclear
none yet                      | opened      | opened      | opened      | up to date           | up to date         | up to date
none yet, a branch of theirs  | branch taken| branch taken| branch taken| up to date           | up to date         | up to date
none yet, no place            | waiting     | waiting     | waiting     | up to date           | up to date         | up to date
none yet, no place, order open | opened     | opened      | opened      | up to date           | up to date         | up to date
open, ours                    | up to date  | refreshed   | refreshed   | closed as superseded | closed as obsolete | left open
open, ours and base           | refreshed   | refreshed   | refreshed   | closed as superseded | closed as obsolete | left open
open, ours, stale             | rebased     | rebased     | refreshed   | closed as superseded | closed as obsolete | left open
open, ours, no place          | up to date  | refreshed   | refreshed   | closed as superseded | closed as obsolete | left open
open, ours, newest declined   | up to date  | refreshed   | closed as obsolete | closed as superseded | closed as obsolete | left open
open, ours, order recheck      | refreshed   | refreshed   | refreshed   | closed as superseded | closed as obsolete | left open
open, ours, order rebase       | rebased     | rebased     | refreshed   | closed as superseded | closed as obsolete | left open
open, ours, order hold         | on hold     | on hold     | on hold     | on hold              | on hold            | on hold
open, theirs                  | frozen      | frozen      | frozen      | frozen               | frozen             | frozen
open, theirs, stale           | frozen      | frozen      | frozen      | frozen               | frozen             | frozen
open, theirs, order hold       | on hold     | on hold     | on hold     | on hold              | on hold            | on hold
open, theirs, order rebase     | rebased     | rebased     | refreshed   | closed as superseded | closed as obsolete | left open
open, theirs, order recreate   | rebased     | rebased     | refreshed   | closed as superseded | closed as obsolete | left open
open, branch gone             | declined    | declined    | declined    | declined             | declined           | declined
closed, this one              | declined    | declined    | declined    | declined             | declined           | declined
closed, this one, order recreate | opened    | opened      | opened      | declined             | declined           | declined
closed, another               | opened      | opened      | opened      | declined             | declined           | declined
closed, another, no place     | waiting     | waiting     | waiting     | declined             | declined           | declined
closed, another, theirs       | branch taken| branch taken| branch taken| declined             | declined           | declined
closed, another, theirs, order recreate | opened | opened  | opened      | declined             | declined           | declined
merged                        | opened      | opened      | opened      | merged               | merged             | merged
merged, theirs                | branch taken| branch taken| branch taken| merged               | merged             | merged
`

// situation reads the name of a row.
func situation(t *testing.T, name string) bot.Facts {
	t.Helper()
	facts := bot.Facts{Tip: bot.Ours}
	for _, word := range strings.Split(name, ", ") {
		switch word {
		case "none yet":
			facts.Tip = bot.Absent
		case "open":
			facts.Pull = bot.Open
		case "closed":
			facts.Pull = bot.Closed
		case "merged":
			facts.Pull = bot.Merged
		case "ours", "another":
		case "ours and base":
			facts.Tip = bot.Updated
		case "theirs", "a branch of theirs":
			facts.Tip = bot.Theirs
		case "branch gone":
			facts.Tip = bot.Absent
		case "this one", "newest declined":
			facts.Declined = true
		case "stale":
			facts.Stale = true
		case "no place":
			facts.Full = true
		default:
			order, ok := strings.CutPrefix(word, "order ")
			if !ok {
				t.Fatalf("no such word: %q", word)
			}
			facts.Order = bot.OrderKind(order)
		}
	}
	return facts
}

func TestLifeCycle(t *testing.T) {
	t.Parallel()
	rows := strings.Split(strings.TrimSpace(lifeCycle), "\n")
	wants := cells(rows[0])
	for _, row := range rows[1:] {
		actions := cells(row)
		for i, want := range wants[1:] {
			facts := situation(t, actions[0])
			facts.Want = bot.Want(want)
			t.Run(fmt.Sprintf("%s, wanted %s", actions[0], want), func(t *testing.T) {
				t.Parallel()
				if got := facts.Next(); got != bot.Action(actions[i+1]) {
					t.Errorf("%q, want %q", got, actions[i+1])
				}
			})
		}
	}
}

func cells(row string) []string {
	list := strings.Split(row, "|")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	return list
}
