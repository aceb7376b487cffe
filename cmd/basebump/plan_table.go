package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// planTable prints a plan for a person. Marks never stand alone: the words beside them say the same.
func planTable(w io.Writer, snapshot bot.Snapshot, plan bot.Plan, took time.Duration) {
	p := painter(w)
	fmt.Fprintf(w, "  %s, %s, %s   %.1f s, %s\n\n",
		count(snapshot.Read, "file"), count(len(snapshot.References), "reference"), count(images(snapshot), "image"),
		took.Seconds(), count(plan.Requests.Registry, "registry request"))
	var rows [][]string
	for _, b := range plan.Bumps {
		rows = append(rows, bumpRow(p, b))
		rows = append(rows, findingRows(p, b)...)
		rows = append(rows, rejectedRows(p, b)...)
	}
	rows = append(rows, unchangedRows(p, plan.Unchanged)...)
	writeColumns(w, rows)
	for _, other := range plan.Others {
		fmt.Fprintln(w, "\n  "+p.in(yellow, "!")+" "+clean(other.String()))
	}
	switch n := len(plan.Bumps); {
	case len(rows) == 0:
		fmt.Fprintln(w, "  No file here names an image.")
	case n == 0:
		fmt.Fprintln(w, "\n  Nothing to change.")
	default:
		fmt.Fprintf(w, "\n  %s. `basebump apply` writes %s; `basebump plan --output diff` shows %[2]s.\n", count(n, "bump"), them(n))
	}
}

func bumpRow(p paint, b bot.Bump) []string {
	places := make([]string, len(b.Files))
	for i, place := range b.Files {
		places[i] = fmt.Sprintf("%s:%d", place.File, place.Line)
	}
	where := clean(strings.Join(places, ", "))
	name := clip(bot.ShortName(b.Image) + ":" + b.From.Tag)
	if b.IsPin() {
		return []string{p.in(yellow, "●") + " " + name, "pin " + bot.ShortDigest(b.To.Digest), "no change in content", where}
	}
	move := "→ " + clean(b.To.Tag)
	if b.From.Tag == b.To.Tag {
		move = bot.ShortDigest(b.From.Digest) + " → " + bot.ShortDigest(b.To.Digest)
	}
	return []string{p.in(green, "▲") + " " + name, move, gain(b), where}
}

// findingRows say what will still be the matter after a bump.
func findingRows(p paint, b bot.Bump) [][]string {
	rows := make([][]string, len(b.Findings))
	for i, finding := range b.Findings {
		rows[i] = []string{p.in(yellow, "!") + " " + clean(bot.ShortName(b.Image)+":"+b.To.Tag), clean(finding.String())}
	}
	return rows
}

// rejectedRows are the candidates that were looked at and not taken. How far policy.update goes is no news in each plan.
func rejectedRows(p paint, b bot.Bump) [][]string {
	var rows [][]string
	for _, r := range b.Rejected {
		if r.Digest != "" {
			name := clean(bot.ShortName(b.Image) + ":" + r.Tag)
			rows = append(rows, []string{p.in(dim, "·") + " " + name, "not chosen " + bot.ShortDigest(r.Digest) + ": " + clean(strings.Join(r.Reasons, "; "))})
		}
	}
	return rows
}

func gain(b bot.Bump) string {
	if !b.Verified() {
		return "not verified"
	}
	fixed := scan.Count(b.Fixed)
	if fixed.Total() == 0 {
		return "fixes nothing known"
	}
	return "fixes " + fixed.Phrase()
}

// unchangedRows joins the references that stay for the same reason.
func unchangedRows(p paint, list []bot.Unchanged) [][]string {
	type key struct {
		name, reason string
		failed       bool
	}
	var order []key
	places := map[key][]string{}
	for _, u := range list {
		k := key{bot.ShortName(u.Image), u.Reason, u.Failed}
		if u.Tag != "" {
			k.name += ":" + u.Tag
		}
		if places[k] == nil {
			order = append(order, k)
		}
		places[k] = append(places[k], fmt.Sprintf("%s:%d", u.File, u.Line))
	}
	slices.SortStableFunc(order, func(a, b key) int {
		switch {
		case a.failed == b.failed:
			return 0
		case a.failed:
			return 1
		}
		return -1
	})
	var rows [][]string
	for _, k := range order {
		mark := p.in(dim, "·")
		if k.failed {
			mark = p.in(red, "!")
		}
		rows = append(rows, []string{mark + " " + clip(k.name), clean(k.reason + "   " + strings.Join(places[k], ", "))})
	}
	return rows
}

// writeColumns aligns the cells of rows; the last cell of a row takes what room it needs.
func writeColumns(w io.Writer, rows [][]string) {
	widths := map[int]int{}
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, row := range rows {
		fmt.Fprint(w, "  ")
		for i, cell := range row {
			fmt.Fprint(w, cell)
			if i < len(row)-1 {
				fmt.Fprint(w, strings.Repeat(" ", widths[i]-width(cell)+3))
			}
		}
		fmt.Fprintln(w)
	}
}

// width is the number of columns of a cell: its runes, less the colour codes.
func width(cell string) int {
	n := 0
	for {
		before, after, found := strings.Cut(cell, "\x1b[")
		n += utf8.RuneCountInString(before)
		if !found {
			return n
		}
		_, cell, _ = strings.Cut(after, "m")
	}
}

func images(snapshot bot.Snapshot) int {
	names := map[string]bool{}
	for _, r := range snapshot.References {
		names[r.Image] = true
	}
	return len(names)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
