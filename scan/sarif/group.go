package sarif

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// place is what one result of the log is about.
type place struct {
	file, image, id, ignored string
	line                     int
}

type grouped struct {
	place
	severity  scan.Severity
	packages  []string // in words, sorted
	platforms []string
}

// group brings together what is one thing to do, in the order of files and lines, the worst first.
func group(results []Result) []*grouped {
	index := map[place]*grouped{}
	var all []*grouped
	for _, r := range results {
		key := place{file: r.File, line: max(r.Line, 1), image: r.Image, id: r.Vulnerability.ID, ignored: r.Ignored}
		g, ok := index[key]
		if !ok {
			g = &grouped{place: key}
			index[key] = g
			all = append(all, g)
		}
		g.severity = max(g.severity, r.Vulnerability.Severity)
		g.packages = append(g.packages, inWords(r.Vulnerability))
		g.platforms = append(g.platforms, r.Platform)
	}
	for _, g := range all {
		slices.Sort(g.packages)
		g.packages = slices.Compact(g.packages)
		slices.Sort(g.platforms)
		g.platforms = slices.DeleteFunc(slices.Compact(g.platforms), func(p string) bool { return p == "" })
	}
	slices.SortFunc(all, func(a, b *grouped) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.image, b.image),
			cmp.Compare(b.severity, a.severity), cmp.Compare(a.id, b.id), cmp.Compare(a.ignored, b.ignored))
	})
	return all
}

func inWords(v scan.Vulnerability) string {
	words := strings.TrimSpace(v.Package + " " + v.Installed)
	if v.FixedIn != "" {
		return fmt.Sprintf("%s (fixed in %s)", words, v.FixedIn)
	}
	return words + " (no fix yet)"
}

func (g *grouped) result(rule int) *sarif.Result {
	r := sarif.NewRuleResult(g.id).WithRuleIndex(rule).WithLevel(level(g.severity)).WithMessage(sarif.NewTextMessage(g.message())).
		WithLocations([]*sarif.Location{g.location()}).
		WithPartialFingerprints(map[string]string{"basebump/v1": fingerprint(g.id, g.image, g.file)})
	if g.ignored != "" {
		r.AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(g.ignored))
	}
	return r
}

func (g *grouped) message() string {
	listed := g.packages
	more := ""
	if n := len(listed) - maxListed; n > 0 {
		listed, more = listed[:maxListed], fmt.Sprintf(" and %d more", n)
	}
	on := ""
	if len(g.platforms) > 0 {
		on = " on " + strings.Join(g.platforms, ", ")
	}
	return plain(fmt.Sprintf("%s (%s) in %s%s: %s%s", g.id, g.severity, g.image, on, strings.Join(listed, ", "), more))
}

// location points at the line that names the image. A code host wants a file, so without one the image stands for it.
func (g *grouped) location() *sarif.Location {
	file := cmp.Or(g.file, g.image)
	uri := (&url.URL{Path: file}).String()
	return sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri)).
		WithRegion(sarif.NewSimpleRegion(g.line, g.line))).
		WithLogicalLocations([]*sarif.LogicalLocation{sarif.NewLogicalLocation().WithFullyQualifiedName(g.image).WithKind("image")})
}
