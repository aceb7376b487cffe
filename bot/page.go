package bot

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

// page is a long text that may have to be cut.
type page struct {
	head    string
	parts   []part
	divider string // between parts
	foot    string
}

// part is what a page says of one bump.
type part struct {
	lead  string
	brief string // instead of everything else where room is short; empty: the lead
	lists []list // folded
	end   string
}

// list is a table that folds.
type list struct {
	what       string // "35 fixed"
	head       string
	rows, bare []string // with links and without
}

// shape is how much of a page is shown.
type shape struct {
	rows  int    // of each list
	links bool   // in lists
	brief bool   // no lists at all
	more  string // where the rest of a list is
}

// all is more rows than any list has.
const all = math.MaxInt

// fit writes the fullest text that is no larger than the limit and shows no more than the given shape. It gives up first the links of
// lists, then their last rows, then the lists, then the last parts, and says so.
func (p page) fit(limit int, size func(string) int, most shape) string {
	fits := func(p page, s shape) bool { return size(p.text(s)) <= limit }
	bare := func(rows int) shape { return shape{rows: rows, more: most.more} }
	for _, s := range []shape{most, bare(most.rows)} {
		if fits(p, s) {
			return p.text(s)
		}
	}
	if tooMany := sort.Search(min(most.rows, limit), func(rows int) bool { return !fits(p, bare(rows)) }); tooMany > 1 {
		return p.text(bare(tooMany - 1))
	}
	brief := shape{brief: true, more: most.more}
	if fits(p, brief) {
		return p.text(brief)
	}
	fitting := sort.Search(len(p.parts), func(n int) bool { return !fits(p.first(n+1, most.more), brief) })
	return p.first(fitting, most.more).text(brief)
}

// first is the page with its first n parts, and a word on the others.
func (p page) first(n int, more string) page {
	p.foot = paragraphs(fmt.Sprintf("*… and %s: %s.*", plural(len(p.parts)-n, "more update", "more updates"), more), p.foot)
	p.parts = p.parts[:n]
	return p
}

func (p page) text(s shape) string {
	texts := []string{p.head}
	for i, part := range p.parts {
		if i > 0 {
			texts = append(texts, p.divider)
		}
		texts = append(texts, part.text(s))
	}
	if len(p.parts) > 1 {
		texts = append(texts, p.divider) // the foot is about all of them
	}
	return paragraphs(append(texts, p.foot)...)
}

func (p part) text(s shape) string {
	if s.brief && p.brief != "" {
		return p.brief
	}
	summary, tables := make([]string, len(p.lists)), make([]string, len(p.lists))
	for i, l := range p.lists {
		summary[i], tables[i] = l.what, l.text(s)
	}
	return paragraphs(p.lead, fold(strings.Join(summary, " · "), paragraphs(tables...)), p.end)
}

// text is the list with at most so many rows as the shape allows, and where the rest is.
func (l list) text(s shape) string {
	rows := l.bare
	if s.links {
		rows = l.rows
	}
	shown := rows[:min(len(rows), s.rows)]
	if len(shown) == len(rows) {
		return table(l.head, rows)
	}
	return paragraphs(table(l.head, shown), fmt.Sprintf("*… and %s: %s.*", plural(len(rows)-len(shown), "more row", "more rows"), s.more))
}

// table is empty without rows.
func table(head string, rows []string) string {
	if len(rows) == 0 {
		return ""
	}
	return head + strings.Join(rows, "")
}
