package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
)

const (
	fixedHead    = "| fixed | severity | package | was → is |\n|---|---|---|---|\n"
	packagesHead = "| package | was | is |\n|---|---|---|\n"
)

// countsTable says in numbers whether a bump is worth it.
func countsTable(bump Bump) string {
	counts := []scan.Counts{scan.Count(bump.Fixed), scan.Count(bump.Introduced), scan.Count(bump.Remaining)}
	columns := []scan.Severity{scan.Critical, scan.High, scan.Medium, scan.Low}
	for _, rare := range []scan.Severity{scan.Negligible, scan.Unknown} {
		if slices.ContainsFunc(counts, func(c scan.Counts) bool { return c[rare] > 0 }) {
			columns = append(columns, rare)
		}
	}
	var b strings.Builder
	b.WriteString("| |")
	for _, severity := range columns {
		fmt.Fprintf(&b, " %s |", severity)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for i, name := range []string{"**fixed**", "introduced", "remaining"} {
		fmt.Fprintf(&b, "| %s |", name)
		for _, severity := range columns {
			fmt.Fprintf(&b, " %d |", counts[i][severity])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func fixedRows(list []flaw, links bool) []string {
	rows := make([]string, len(list))
	for i, f := range list {
		versions := escape(f.Installed)
		if f.after != "" {
			versions += " → " + escape(f.after)
		}
		rows[i] = row(f.name(links), f.grade(), f.where(), versions)
	}
	return rows
}

// openHead and openRows list what an image has, and the remark on each: what would fix it, or why it does not count.
func openHead(what, remark string) string {
	return "| " + what + " | severity | package | version | " + remark + " |\n|---|---|---|---|---|\n"
}

func openRows(list []flaw, links bool, remark func(flaw) string) []string {
	rows := make([]string, len(list))
	for i, f := range list {
		rows[i] = row(f.name(links), f.grade(), f.where(), escape(f.Installed), remark(f))
	}
	return rows
}

// fix is the version that has the fix.
func fix(f flaw) string {
	if f.FixedIn == "" {
		return "no fix yet"
	}
	return escape(f.FixedIn)
}

// stays says why a vulnerability stays in the newer image.
func stays(f flaw) string {
	if f.FixedIn == "" {
		return "no fix yet"
	}
	return "fixed in " + escape(f.FixedIn) + ", not in this image yet"
}

// unless has the reason for which a vulnerability does not count go before another remark.
func unless(reasons map[string]string, otherwise func(flaw) string) func(flaw) string {
	return func(f flaw) string {
		if why, ok := reasons[f.ID]; ok {
			return escape(why)
		}
		return otherwise(f)
	}
}

func packageRows(diff scan.Diff) []string {
	var rows []string
	for _, c := range diff.Changed {
		rows = append(rows, row(escape(c.Name), escape(c.From), escape(c.To)))
	}
	for _, p := range diff.Added {
		rows = append(rows, row(escape(p.Name), "", escape(p.Version)))
	}
	for _, p := range diff.Removed {
		rows = append(rows, row(escape(p.Name), escape(p.Version), "removed"))
	}
	return rows
}
