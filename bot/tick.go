package bot

import (
	"context"
	"regexp"
	"strings"
)

// OrderUnignore takes an order to ignore back; it is never kept.
const OrderUnignore OrderKind = "unignore"

// Tick is a box that a person has ticked on a dashboard.
type Tick struct {
	Kind   OrderKind // OrderRebase, OrderOpen or OrderUnignore
	Branch string
}

const branchName = `[A-Za-z0-9._/+-]{1,200}`

var (
	tickable = regexp.MustCompile(`^` + branchName + `$`)
	// ticked is a ticked box as Dashboard writes it; what stands behind it on its line does not count.
	ticked = regexp.MustCompile(`(?m)^- \[[xX]\] <!-- basebump:(rebase|open|unignore)=(` + branchName + `) -->`)
)

// mostTicks bounds how many boxes of one dashboard are heeded.
const mostTicks = 100

// Ticks reads which boxes of a dashboard are ticked.
func Ticks(body string) []Tick {
	var ticks []Tick
	for _, found := range ticked.FindAllStringSubmatch(body, mostTicks) {
		ticks = append(ticks, Tick{OrderKind(found[1]), found[2]})
	}
	return ticks
}

// untick empties the boxes of a dashboard.
func untick(body string) string {
	return ticked.ReplaceAllStringFunc(body, func(box string) string { return "- [ ]" + box[len("- [x]"):] })
}

// AnswerIssue does what a person has ticked on the dashboard, if the person may write to the repository, and empties the boxes. What is
// ordered is done when the repository is looked at next.
func (t *Talk) AnswerIssue(ctx context.Context, issue Issue) error {
	if t.Board == nil || strings.HasSuffix(issue.Editor, "[bot]") {
		return nil
	}
	owner, name, _ := strings.Cut(issue.Repository, "/")
	repo := Repository{Owner: owner, Name: name}
	posted, err := t.Board.Posted(ctx, repo, SubjectDashboard, issue.Number)
	ticks := Ticks(posted.Body)
	if err != nil || posted.Number != issue.Number || !posted.Open || len(ticks) == 0 {
		return err
	}
	writes, err := t.writes(ctx, issue.Repository, issue.Editor)
	if err != nil {
		return err
	}
	if writes {
		if err := t.heed(ctx, issue.Repository, ticks, issue.Editor); err != nil {
			return err
		}
	}
	_, err = t.Board.Post(ctx, repo, posted.Number, Notice{SubjectDashboard, dashboardTitle, untick(posted.Body)}, posted.Text)
	return err
}

// heed keeps what was ordered by ticking.
func (t *Talk) heed(ctx context.Context, repository string, ticks []Tick, by string) error {
	for _, tick := range ticks {
		var err error
		if tick.Kind == OrderUnignore {
			err = t.Orders.Drop(ctx, repository, tick.Branch, OrderIgnore)
		} else {
			err = t.Orders.Give(ctx, repository, Order{Branch: tick.Branch, Kind: tick.Kind, By: by, Asked: t.Now()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
