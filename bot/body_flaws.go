package bot

import (
	"fmt"
	"slices"

	"github.com/basebump/basebump/scan"
)

// likely is the probability of being exploited within a month (EPSS) from which it is worth a word.
const likely = 0.1

// flaw is one vulnerability and the packages that share it, in one version.
type flaw struct {
	scan.Vulnerability
	packages []string
	after    string // version or "removed"; empty when the package stays as it is
}

// flaws puts the packages of a vulnerability into one row, in the order of the list.
func flaws(list []scan.Vulnerability, diff scan.Diff) []flaw {
	type key struct {
		id, installed, after, fixedIn string
		severity                      scan.Severity
	}
	versions := versionsAfter(diff)
	index := map[key]int{}
	var rows []flaw
	for _, v := range list {
		after := versions[packageName{v.Package, v.Type}]
		k := key{v.ID, v.Installed, after, v.FixedIn, v.Severity}
		i, known := index[k]
		if !known {
			i, index[k] = len(rows), len(rows)
			rows = append(rows, flaw{Vulnerability: v, after: after})
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
func worst(rows []flaw, most int) []flaw {
	var first []flaw
	for _, row := range rows {
		if len(first) < most && !slices.ContainsFunc(first, func(f flaw) bool { return f.ID == row.ID }) {
			first = append(first, row)
		}
	}
	return first
}

func (f flaw) name(link bool) string {
	name := escape(f.ID)
	if address := webAddress(f.URL); link && address != "" {
		name = "[" + name + "](" + address + ")"
	}
	if f.KnownExploited {
		name += " ⚠ known exploited"
	}
	return name
}

func (f flaw) grade() string {
	if f.EPSS >= likely && !f.KnownExploited {
		return fmt.Sprintf("%s, EPSS %.0f\u00a0%%", f.Severity, 100*f.EPSS)
	}
	return f.Severity.String()
}

func (f flaw) where() string {
	names := make([]string, len(f.packages))
	for i, name := range f.packages {
		names[i] = escape(name)
	}
	return enumerate(names, 3)
}
