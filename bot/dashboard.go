package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// dashboardTitle is for people; the issue is found by its label and marker.
const dashboardTitle = "basebump: images"

// Dashboard is the issue that shows what is known of a repository's images, what waits and why, with boxes to tick. It says nothing that
// changes with time alone, so that nothing new is nothing to write.
func Dashboard(plan Plan, outcomes []Outcome, orders []Order, now time.Time) Notice {
	d := dashboard{left: BodyLimit}
	d.add("Every image that this repository names, and what becomes of it. Tick a box, and it is done when this repository is looked at next. " +
		"Close this issue to be rid of it; open it again to have it back.\n")
	for _, other := range plan.Others {
		d.add("\n> " + capital(escape(other.String())) + ".\n")
	}
	d.section("Open pull requests", openItems(outcomes))
	d.section("Not proposed", heldItems(outcomes))
	d.section("Left alone", ignoredItems(orders, now))
	d.section("Not checked", failedItems(plan))
	d.table(plan)
	return Notice{Subject: SubjectDashboard, Title: dashboardTitle, Body: d.text.String()}
}

// dashboard is the text in the making; left is how many characters it may still have.
type dashboard struct {
	text strings.Builder
	left int
}

// reserve is kept for the line that says what was cut off.
const reserve = 200

// add appends a text, unless that leaves no room for the reserve.
func (d *dashboard) add(text string) bool {
	size := utf8.RuneCountInString(text)
	if size+reserve > d.left {
		return false
	}
	d.text.WriteString(text)
	d.left -= size
	return true
}

// cut says how much is not shown.
func (d *dashboard) cut(n int) {
	text := fmt.Sprintf("\n…and %d more; `basebump plan` shows all.\n", n)
	d.text.WriteString(text)
	d.left -= utf8.RuneCountInString(text)
}

// sectionMost bounds one list, so that the table has room.
const sectionMost = 50

func (d *dashboard) section(title string, items []string) {
	if len(items) == 0 || !d.add("\n### "+title+"\n\n") {
		return
	}
	for i, item := range items {
		if i == sectionMost || !d.add("- "+item+"\n") {
			d.cut(len(items) - i)
			return
		}
	}
}

func (d *dashboard) table(plan Plan) {
	rows := imageRows(plan)
	if len(rows) == 0 || !d.add("\n### Every image\n\n"+row("image", "state", "where")+row("---", "---", "---")) {
		return
	}
	for i, r := range rows {
		if !d.add(row(r.image, r.state, enumerate(r.where, 5))) {
			d.cut(len(rows) - i)
			return
		}
	}
}

// box is something to tick: do what, to which branch.
func box(what OrderKind, branch string) string {
	if !tickable.MatchString(branch) { // nothing of ours
		return ""
	}
	return "[ ] <!-- basebump:" + string(what) + "=" + branch + " -->"
}

func openItems(outcomes []Outcome) []string {
	var items []string
	for _, o := range outcomes {
		if o.Proposal.State != Open || o.Proposal.Number == 0 || o.Action == Obsolete {
			continue
		}
		item := box(OrderRebase, o.Proposal.Branch) + fmt.Sprintf("rebase #%d · %s", o.Proposal.Number, escape(o.Title))
		if o.Action != Opened && o.Action != Refreshed && o.Action != Current { // each is as it should be, whatever was done for that
			item += " · " + string(o.Action)
		}
		items = append(items, item+because(o.Reason))
	}
	return items
}

func heldItems(outcomes []Outcome) []string {
	var items []string
	for _, o := range outcomes {
		switch {
		case o.Action == Waiting && o.Branch != "":
			items = append(items, box(OrderOpen, o.Branch)+"open now: "+escape(o.Title)+because(o.Reason))
		case o.Action == Waiting, o.Action == Declined && o.Proposal.State != Open, o.Action == Yielded:
			items = append(items, escape(o.Title)+" · "+string(o.Action)+because(o.Reason))
		}
	}
	return items
}

func ignoredItems(orders []Order, now time.Time) []string {
	var items []string
	for _, o := range orders {
		if o.Kind == OrderIgnore && !o.Over(now) {
			items = append(items, box(OrderUnignore, o.Branch)+"stop ignoring "+code(o.Branch)+" · asked by "+escape(o.By)+
				fmt.Sprintf(" on #%d", o.Number)+o.untilMarkdown())
		}
	}
	return items
}

func failedItems(plan Plan) []string {
	var items []string
	for _, u := range plan.Unchanged {
		if u.Failed {
			items = append(items, code(fmt.Sprintf("%s:%d", u.File, u.Line))+" "+escape(named(u.Image, u.Tag))+because(u.Reason))
		}
	}
	return items
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + escape(reason)
}

// imageRow is one line of the table.
type imageRow struct {
	image, state string
	where        []string
}

// imageRows are the references by image and state, in the order of their names.
func imageRows(plan Plan) []imageRow {
	var rows []imageRow
	index := map[[2]string]int{}
	put := func(image, state, where string) {
		key := [2]string{image, state}
		i, known := index[key]
		if !known {
			i = len(rows)
			index[key] = i
			rows = append(rows, imageRow{image: image, state: state})
		}
		rows[i].where = append(rows[i].where, where)
	}
	for _, b := range plan.Bumps {
		for _, place := range b.Files {
			put(escape(named(b.Image, b.From.Tag)), moveText(b), code(fmt.Sprintf("%s:%d", place.File, place.Line)))
		}
	}
	for _, u := range plan.Unchanged {
		put(escape(named(u.Image, u.Tag)), escape(u.Reason), code(fmt.Sprintf("%s:%d", u.File, u.Line)))
	}
	slices.SortStableFunc(rows, func(a, b imageRow) int { return cmp.Or(cmp.Compare(a.image, b.image), cmp.Compare(a.state, b.state)) })
	return rows
}

// moveText says where a bump goes and what that is good for.
func moveText(b Bump) string {
	target := code(ShortDigest(b.To.Digest))
	if b.To.Tag != b.From.Tag {
		target = code(b.To.Tag)
	}
	switch {
	case b.IsPin():
		return "pin " + target
	case b.Verified():
		return "→ " + target + ", fixes " + phrase(b.Fixed)
	}
	return "→ " + target + ", not verified"
}

func named(image, tag string) string {
	if tag == "" {
		return ShortName(image)
	}
	return ShortName(image) + ":" + tag
}
