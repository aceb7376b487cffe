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
	open = paragraphs(table(fixedHead, fixedRows(worstFixed, true)), table(openHead("introduced"), openRows(worstIntroduced, true)))
	if len(fixed) > len(worstFixed) {
		folded = append(folded, list{tally(bump.Fixed, "fixed"), fixedHead, fixedRows(fixed, true), fixedRows(fixed, false)})
	}
	if len(introduced) > len(worstIntroduced) {
		folded = append(folded, openList(bump.Introduced, "introduced", introduced))
	}
	if len(remaining) > 0 {
		folded = append(folded, openList(bump.Remaining, "remaining", remaining))
	}
	if len(packages) > 0 {
		folded = append(folded, list{plural(len(packages), "package", "packages"), packagesHead, packages, packages})
	}
	return open, folded
}

func openList(all []scan.Vulnerability, what string, rows []flaw) list {
	return list{tally(all, what) + unfixed(all), openHead(what), openRows(rows, true), openRows(rows, false)}
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
