package bot_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
)

// lifeCycle reads the table of docs/proposals.md: what becomes of a proposal (row) when the plan asks for something (column).
func lifeCycle(t *testing.T) [][]string {
	t.Helper()
	data, err := os.ReadFile("../docs/proposals.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "| situation ")
	text, _, _ = strings.Cut("situation "+text, "\n\n")
	var rows [][]string
	for row := range strings.Lines(text) {
		row = strings.Trim(row, "|\n ")
		if !strings.HasPrefix(row, "---") {
			rows = append(rows, cells(row))
		}
	}
	return rows
}

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
		case "reopened":
			facts.Reopened = true
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
	rows := lifeCycle(t)
	if len(rows) < 20 {
		t.Fatalf("only %d rows", len(rows))
	}
	for _, actions := range rows[1:] {
		for i, want := range rows[0][1:] {
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
