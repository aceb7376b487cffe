package bot

import (
	"fmt"
	"strings"

	"github.com/basebump/basebump/scan"
)

// ReportMarkdown is what `basebump scan IMAGE` found, as Markdown.
func ReportMarkdown(image Named, reports []scan.Report) string {
	var b strings.Builder
	for _, report := range reports {
		fmt.Fprintf(&b, "**%s** · %s · %s · %s\n\n", escape(image.String()), code(short(image.Digest)+"…"), escape(report.Platform),
			plural(len(report.Packages), "package", "packages"))
		writeOpenRows(&b, report.Vulnerabilities)
		b.WriteString("\n")
	}
	return b.String()
}

// ProofMarkdown is the comparison of two images, as Markdown: the pull request's own words.
func ProofMarkdown(from, to Named, proof *Proof) string {
	bump := Bump{
		Image:   to.Image,
		From:    Version{Tag: from.Tag, Digest: from.Digest, Created: date(proof.From.Created)},
		To:      Version{Tag: to.Tag, Digest: to.Digest, Created: date(proof.To.Created)},
		Verdict: proof.Verdict, Fixed: proof.Diff.Fixed, Introduced: proof.Diff.Introduced, Remaining: proof.Diff.Remaining, Proof: proof,
	}
	var b strings.Builder
	writeMove(&b, bump)
	writeCounts(&b, bump)
	writeFixed(&b, bump)
	answer := "Rejected"
	if proof.Verdict.Accepted {
		answer = "Accepted"
	}
	fmt.Fprintf(&b, "**%s**: %s.\n\n", answer, escape(strings.Join(proof.Verdict.Reasons, "; ")))
	writeFolds(&b, bump)
	if bump.Verified() {
		writeScanner(&b, proof)
	}
	return b.String()
}
