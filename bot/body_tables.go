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

	likely = 0.1 // probability of being exploited within a month (EPSS) from which it is worth a word
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

// finding is one vulnerability and the packages that share it, in one version.
type finding struct {
	scan.Vulnerability
	packages []string
	after    string // version or "removed"; empty when the package stays as it is
}

// findings puts the packages of a vulnerability into one row, in the order of the list.
func findings(list []scan.Vulnerability, diff scan.Diff) []finding {
	type key struct {
		id, installed, after, fixedIn string
		severity                      scan.Severity
	}
	versions := versionsAfter(diff)
	index := map[key]int{}
	var rows []finding
	for _, v := range list {
		after := versions[packageName{v.Package, v.Type}]
		k := key{v.ID, v.Installed, after, v.FixedIn, v.Severity}
		i, known := index[k]
		if !known {
			i, index[k] = len(rows), len(rows)
			rows = append(rows, finding{Vulnerability: v, after: after})
		}
		if !slices.Contains(rows[i].packages, v.Package) {
			rows[i].packages = append(rows[i].packages, v.Package)
		}
	}
	return rows
}

type packageName struct{ name, kind string }

// versionsAfter says what becomes of each package that does not stay as it is.
func versionsAfter(diff scan.Diff) map[packageName]string {
	after := make(map[packageName]string, len(diff.Changed)+len(diff.Removed))
	for _, c := range diff.Changed {
		after[packageName{c.Name, c.Type}] = c.To
	}
	for _, p := range diff.Removed {
		after[packageName{p.Name, p.Type}] = "removed"
	}
	return after
}

// worst is the first row of each of the first vulnerabilities.
func worst(rows []finding, most int) []finding {
	var first []finding
	for _, row := range rows {
		if len(first) < most && !slices.ContainsFunc(first, func(f finding) bool { return f.ID == row.ID }) {
			first = append(first, row)
		}
	}
	return first
}

func fixedRows(list []finding, links bool) []string {
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

// openHead and openRows list what an image has: introduced, or remaining.
func openHead(what string) string {
	return "| " + what + " | severity | package | version | fixed in |\n|---|---|---|---|---|\n"
}

func openRows(list []finding, links bool) []string {
	rows := make([]string, len(list))
	for i, f := range list {
		fixed := "no fix yet"
		if f.FixedIn != "" {
			fixed = escape(f.FixedIn)
		}
		rows[i] = row(f.name(links), f.grade(), f.where(), escape(f.Installed), fixed)
	}
	return rows
}

func (f finding) name(link bool) string {
	name := escape(f.ID)
	if address := webAddress(f.URL); link && address != "" {
		name = "[" + name + "](" + address + ")"
	}
	if f.KnownExploited {
		name += " ⚠ known exploited"
	}
	return name
}

func (f finding) grade() string {
	if f.EPSS >= likely && !f.KnownExploited {
		return fmt.Sprintf("%s, EPSS %.0f\u00a0%%", f.Severity, 100*f.EPSS)
	}
	return f.Severity.String()
}

func (f finding) where() string {
	names := make([]string, len(f.packages))
	for i, name := range f.packages {
		names[i] = escape(name)
	}
	return enumerate(names, 3)
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
