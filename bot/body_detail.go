package bot

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
)

// safetyLine says in one paragraph why merging is safe: the policy's reasons, then what else is known.
func safetyLine(bump Bump) string {
	facts := append(reasons(bump), differences(bump.Proof)...)
	return "**Why this is safe to merge**: " + strings.Join(facts, "; ") + "."
}

// reasons are the policy's, but for what the table of numbers has said.
func reasons(bump Bump) []string {
	said := "fixes " + scan.Count(bump.Fixed).Phrase()
	var list []string
	for _, reason := range bump.Verdict.Reasons {
		why, unknown := strings.CutPrefix(reason, scan.NotLookedAt+": ")
		switch {
		case unknown:
			list = append(list, withCause(scan.NotLookedAt, why))
		case reason != said && reason != bump.Proof.stances:
			list = append(list, escape(reason))
		}
	}
	return list
}

// differences says how the two images differ, apart from vulnerabilities.
func differences(proof *Proof) []string {
	facts := []string{packagesFact(proof.Diff)}
	if before, after := proof.Current[0].OS, proof.Next[0].OS; before.Name != "" && after.Name != "" {
		release := "same release (" + escape(after.Name) + ")"
		if before.Name != after.Name && !sameRelease(before, after) {
			release = "**another release** (" + escape(before.Name) + " → " + escape(after.Name) + ")"
		}
		facts = slices.Insert(facts, 0, release)
	}
	if bills := billsFact(proof); bills != "" {
		facts = append(facts, bills)
	}
	if platforms := platformsFact(proof.Platforms); platforms != "" {
		facts = append(facts, platforms)
	}
	if proof.From.Size > 0 && proof.To.Size > 0 {
		facts = append(facts, sizeFact(proof.From.Size, proof.To.Size))
	}
	return facts
}

// findingsLine says what the move leaves to people.
func findingsLine(findings []Finding) string {
	if len(findings) == 0 {
		return ""
	}
	texts := make([]string, len(findings))
	for i, finding := range findings {
		texts[i] = finding.String()
	}
	return "**Still open**: " + escapeAll(texts) + "."
}

// sameRelease goes by id and number: the name is another one in a bill of materials than in an image.
func sameRelease(a, b scan.OS) bool {
	return a.ID != "" && a.Version != "" && a.ID == b.ID && a.Version == b.Version
}

// billsFact says of which image the packages were taken from a bill of materials, on one platform at least: one lists what its maker looked for.
func billsFact(proof *Proof) string {
	billed := func(r scan.Report) bool { return r.PackagesFrom == scan.FromSBOM }
	before, after := slices.ContainsFunc(proof.Current, billed), slices.ContainsFunc(proof.Next, billed)
	switch {
	case before && after:
		return "packages of both images by their bills of materials"
	case before:
		return "packages of today's image by its bill of materials, of the newer one by its layers"
	case after:
		return "packages of the newer image by its bill of materials, of today's by its layers"
	}
	return ""
}

func packagesFact(diff scan.Diff) string {
	if len(diff.Changed)+len(diff.Added)+len(diff.Removed) == 0 {
		return "same packages"
	}
	parts := []string{plural(len(diff.Changed), "package", "packages") + " updated"}
	if len(diff.Added)+len(diff.Removed) == 0 {
		return parts[0] + ", none added or removed"
	}
	for _, change := range []struct {
		packages []scan.Package
		what     string
	}{{diff.Added, "added"}, {diff.Removed, "removed"}} {
		if len(change.packages) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", len(change.packages), change.what, packageNames(change.packages)))
			continue
		}
		parts = append(parts, "none "+change.what)
	}
	return strings.Join(parts, ", ")
}

func packageNames(packages []scan.Package) string {
	names := make([]string, len(packages))
	for i, p := range packages {
		names[i] = escape(p.Name)
	}
	return enumerate(names, 3)
}

func platformsFact(platforms []string) string {
	if len(platforms) > 3 {
		return fmt.Sprintf("built for %d platforms as before", len(platforms))
	}
	var names []string
	for _, platform := range platforms {
		if platform != "" {
			names = append(names, escape(platform))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "built for " + enumerate(names, 3) + " as before"
}

func sizeFact(from, to int64) string {
	percent := math.Round(1000*(float64(to)/float64(from)-1)) / 10
	if percent == 0 {
		return "same size (" + scan.Size(to) + ")"
	}
	return fmt.Sprintf("size %+.1f %% (%s)", percent, scan.Size(to))
}

// scannedLine names each scanner and database that was asked.
func scannedLine(bumps []Bump) string {
	var tools []string
	for _, bump := range bumps {
		if !bump.Verified() {
			continue
		}
		for _, tool := range usedWords(bump.Proof.Used()) {
			if !slices.Contains(tools, tool) {
				tools = append(tools, tool)
			}
		}
	}
	return "Scanned with " + enumerate(tools, 3)
}
