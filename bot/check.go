package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
)

// checkLimit is how many bytes GitHub takes of a check's summary, and of its text.
const checkLimit = 65_535

// checkOf is the check that stands beside the commit of a group of bumps: the verdict in short, and below it the whole report, of which
// the pull request's body shows the beginning. A group in which nothing was verified has none.
func checkOf(bumps []Bump) *Check {
	var verified []Bump
	var fixed, introduced []scan.Vulnerability
	for _, bump := range bumps {
		if bump.Verified() {
			verified = append(verified, bump)
			fixed, introduced = append(fixed, bump.Fixed...), append(introduced, bump.Introduced...)
		}
	}
	if len(verified) == 0 {
		return nil
	}
	whole := shape{rows: all, links: true, more: "`basebump scan FROM TO` shows all"}
	return &Check{
		Passed:  true, // what the policy rejects is never proposed
		Title:   fmt.Sprintf("%d fixed, %d introduced", scan.Count(fixed).Total(), scan.Count(introduced).Total()),
		Summary: checkSummary(verified).fit(checkLimit, size, whole),
		Text:    checkText(verified).fit(checkLimit, size, whole),

		Annotations: annotations(verified),
	}
}

// annotations stand on the lines that change. The text is plain: a forge shows it as it is.
func annotations(bumps []Bump) []Annotation {
	var list []Annotation
	for _, bump := range bumps {
		message := "Fixes " + scan.Count(bump.Fixed).Phrase() + "."
		if len(bump.Fixed) == 0 {
			message = capital(strings.Join(bump.Verdict.Reasons, "; ")) + "."
		}
		if n := scan.Count(bump.Introduced).Total(); n > 0 {
			message += fmt.Sprintf(" Introduces %d.", n)
		}
		for _, line := range changedLines(bump) {
			a := Annotation{Path: line.File, Line: line.Line, Title: plain(move(bump)), Message: plain(message)}
			if !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// changedLines are those of the pieces that an edit goes to.
func changedLines(bump Bump) []Place {
	var lines []Place
	for _, r := range bump.References {
		if len(r.Pieces) == 0 {
			lines = append(lines, Place{r.File, r.Line})
		}
		for _, piece := range r.Pieces {
			lines = append(lines, Place{piece.In(r), piece.Line})
		}
	}
	return lines
}

func size(text string) int { return len(text) }

func checkSummary(bumps []Bump) page {
	p := page{foot: scannedLine(bumps) + "."}
	for _, bump := range bumps {
		move, safety := moveLine(bump), paragraphs(safetyLine(bump), othersLine(bump.Proof), findingsLine(bump.Findings))
		p.parts = append(p.parts, part{
			lead:  paragraphs(move, countsTable(bump), safety),
			brief: paragraphs(move+" · "+countsLine(bump.Fixed, bump.Introduced), safety),
		})
	}
	return p
}

func checkText(bumps []Bump) page {
	var p page
	for _, bump := range bumps {
		images := "From " + code(bump.Image+"@"+bump.Proof.From.Digest) + " to " + code(bump.Image+"@"+bump.Proof.To.Digest)
		_, lists := lists(bump, 0)
		p.parts = append(p.parts, part{lead: images, brief: images, lists: lists, end: rejectedFold(bump.Rejected)})
		p.parts = append(p.parts, otherParts(bump)...)
	}
	return p
}
