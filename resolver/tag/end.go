package tag

import (
	"fmt"
	"strings"
	"time"
)

// End is a release line past its end of life that a tag names.
type End struct {
	Product   string // for people: "Node.js"
	Line      string // "18"
	Day       string // 2025-04-30
	Successor string // the newest line that is kept, a long-term one where there are such; may be empty
}

func (e End) String() string {
	return fmt.Sprintf("%s %s reached its end of life on %s", e.Product, e.Line, e.Day)
}

// Ended returns what in an image's tag is past its end of life: its own version, its distribution, a runtime in it.
func (d *Data) Ended(image, tag string, now time.Time) []End {
	var t parsed
	t.read(tag, d)
	today := now.UTC().Format(time.DateOnly)
	var ends []End
	for i, p := range t.all() {
		var product *Product
		switch {
		case i == t.main:
			product = d.product(image, &t)
		case p.kind == distro:
			product = d.byName[p.name]
		case p.kind == named:
			product = d.words[p.name]
		}
		if line := product.line(p.text); line != nil && line.ended(today) {
			ends = append(ends, End{Product: product.Title, Line: line.Line, Day: line.EOL, Successor: product.kept(today)})
		}
	}
	return ends
}

// kept returns the newest line that is released and not ended.
func (p *Product) kept(today string) string {
	longTerm := p.hasLongTerm()
	for _, line := range p.Lines {
		if line.released(today) && !line.ended(today) && (!longTerm || line.lts(today)) {
			return line.Line
		}
	}
	return ""
}

func (p *Product) hasLongTerm() bool {
	for _, line := range p.Lines {
		if line.LTS != "" {
			return true
		}
	}
	return false
}

// MovedTo returns where an image lives on, when it is known to have moved or died.
func (d *Data) MovedTo(image string) (moved Moved, ok bool) {
	longest := -1
	for _, m := range d.Moved {
		rest, under := strings.CutPrefix(image, m.From)
		if !under || (rest != "" && rest[0] != '/') || len(m.From) <= longest {
			continue
		}
		longest, moved, ok = len(m.From), m, true
		if m.To != "" {
			moved.To += rest
		}
	}
	return moved, ok
}
