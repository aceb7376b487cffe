package bot

import (
	"fmt"

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
	}
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
