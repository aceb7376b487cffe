package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
)

// lists are the tables of a bump: those of the worst, to stand open, and all that is not in them already, to be folded.
func lists(bump Bump, shown int) (open string, folded []list) {
	fixed, introduced := flaws(bump.Fixed, bump.Proof.Diff), flaws(bump.Introduced, scan.Diff{})
	remaining, packages := flaws(bump.Remaining, scan.Diff{}), packageRows(bump.Proof.Diff)
	worstFixed, worstIntroduced := worst(fixed, shown), worst(introduced, shown)
	newly := opened{"introduced", "fixed in", unless(bump.Ignored, fix)}
	still := opened{"remaining", "why", unless(bump.Ignored, stays)}
	open = paragraphs(table(fixedHead, fixedRows(worstFixed, true)), table(newly.head(), newly.rows(worstIntroduced, true)))
	if len(fixed) > len(worstFixed) {
		folded = append(folded, list{tally(bump.Fixed, "fixed"), fixedHead, fixedRows(fixed, true), fixedRows(fixed, false)})
	}
	if len(introduced) > len(worstIntroduced) {
		folded = append(folded, newly.list(bump.Introduced, introduced))
	}
	if len(remaining) > 0 {
		folded = append(folded, still.list(bump.Remaining, remaining))
	}
	if len(bump.SetAside) > 0 {
		folded = append(folded, asideList(bump.SetAside))
	}
	if len(packages) > 0 {
		folded = append(folded, list{plural(len(packages), "package", "packages"), packagesHead, packages, packages})
	}
	return open, folded
}

// opened is a table of vulnerabilities that an image has: what they are, and the remark on each.
type opened struct {
	what, about string
	remark      func(flaw) string
}

func (o opened) head() string { return openHead(o.what, o.about) }

func (o opened) rows(flaws []flaw, links bool) []string { return openRows(flaws, links, o.remark) }

func (o opened) list(all []scan.Vulnerability, flaws []flaw) list {
	return list{tally(all, o.what) + unfixed(all), o.head(), o.rows(flaws, true), o.rows(flaws, false)}
}

// asideList is what VEX documents set aside.
func asideList(aside []scan.SetAside) list {
	bare, reasons := make([]scan.Vulnerability, len(aside)), map[string]string{}
	for i, s := range aside {
		bare[i], reasons[s.ID] = s.Vulnerability, s.Why
	}
	table, rows := opened{"set aside", "why", unless(reasons, fix)}, flaws(bare, scan.Diff{})
	return list{tally(bare, "set aside"), table.head(), table.rows(rows, true), table.rows(rows, false)}
}

func tally(list []scan.Vulnerability, what string) string {
	return fmt.Sprintf("%d %s", scan.Count(list).Total(), what)
}

// unfixed says how many of a list nobody has fixed yet.
func unfixed(list []scan.Vulnerability) string {
	open := slices.DeleteFunc(slices.Clone(list), func(v scan.Vulnerability) bool { return v.FixedIn != "" })
	switch {
	case len(open) == 0:
		return ""
	case len(open) == len(list):
		return " (no fix yet)"
	}
	return fmt.Sprintf(" (%d without a fix yet)", scan.Count(open).Total())
}

// rejectedFold says which newer images were not chosen, and why.
func rejectedFold(rejected []Rejection) string {
	names := make([]string, len(rejected))
	var b strings.Builder
	for i, r := range rejected {
		names[i] = escapeHTML(r.Tag)
		b.WriteString("- " + code(r.Tag))
		if r.Digest != "" {
			b.WriteString(" " + code(ShortDigest(r.Digest)+"…"))
		}
		b.WriteString(": " + escapeAll(r.Reasons) + "\n")
	}
	return fold("Not chosen: "+enumerate(names, 3), b.String())
}
