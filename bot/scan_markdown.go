package bot

import (
	"strings"

	"github.com/basebump/basebump/scan"
)

// ReportMarkdown is what `basebump scan IMAGE` found, as Markdown.
func ReportMarkdown(image Named, reports []scan.Report) string {
	var parts []string
	used := scan.UsedFor(reports)
	for _, report := range reports {
		facts := []string{"**" + escape(image.Image) + "**"}
		if image.Tag != "" {
			facts = append(facts, "tag "+code(image.Tag))
		}
		facts = append(facts, code(ShortDigest(image.Digest)+"…"), escape(report.Platform))
		if len(used) > 1 {
			facts = append(facts, escape(capital(report.Scanner.Name)))
		}
		facts = append(facts, plural(len(report.Packages), "package", "packages"), phrase(report.Vulnerabilities)+" found")
		parts = append(parts, strings.Join(facts, " · "))
		found := opened{"found", "fixed in", fix}
		parts = append(parts, table(found.head(), found.rows(flaws(report.Vulnerabilities, scan.Diff{}), true)))
		if len(report.SetAside) > 0 {
			parts = append(parts, asideList(report.SetAside).text(shape{rows: all, links: true}))
		}
	}
	if len(used) > 0 && used[0].Name != "" {
		parts = append(parts, "Scanned with "+enumerate(usedWords(used), 3)+".")
	}
	return paragraphs(parts...)
}

// ProofMarkdown is the comparison of two images, as Markdown: the pull request's own words.
func ProofMarkdown(from, to Named, proof *Proof) string {
	bump := Bump{
		Image:   to.Image,
		From:    Version{Tag: from.Tag, Digest: from.Digest, Created: date(proof.From.Created)},
		To:      Version{Tag: to.Tag, Digest: to.Digest, Created: date(proof.To.Created)},
		Verdict: proof.Verdict, Fixed: proof.Diff.Fixed, Introduced: proof.Diff.Introduced, Remaining: proof.Diff.Remaining, Proof: proof,
		SetAside: proof.Diff.SetAside, Ignored: proof.Ignored,
	}
	if from.Image != to.Image {
		bump.Image = from.Image + " → " + to.Image
	}
	answer := "**Rejected**: "
	if proof.Verdict.Accepted {
		answer = "**Accepted**: "
	}
	answer += escapeAll(proof.Verdict.Reasons) + "."
	if !bump.Verified() {
		return paragraphs(moveLine(bump), answer)
	}
	answer += " " + capital(strings.Join(differences(proof), "; ")) + "."
	open, folded := lists(bump, worstShown(1))
	whole := part{
		lead: paragraphs(moveLine(bump), countsTable(bump), open, answer, othersLine(proof)), lists: folded, end: scannedLine([]Bump{bump}) + ".",
	}
	return whole.text(shape{rows: all, links: true})
}
