package bot

import (
	"fmt"
	"strings"

	"github.com/basebump/basebump/scan"
)

// checkOf is the check that stands beside the commit of a group of bumps: the verdict in short, and the whole report below it, which
// the pull request's body may have had to cut. A group in which nothing was verified has none.
func checkOf(bumps []Bump) *Check {
	var summary, text strings.Builder
	var fixed, introduced []scan.Vulnerability
	verified := false
	for _, bump := range bumps {
		if !bump.Verified() {
			continue
		}
		verified = true
		fixed, introduced = append(fixed, bump.Fixed...), append(introduced, bump.Introduced...)
		writeMove(&summary, bump)
		writeCounts(&summary, bump)
		fmt.Fprintf(&summary, "%s.\n\n", escape(capital(strings.Join(bump.Verdict.Reasons, "; "))))
		writeScanner(&summary, bump.Proof)
		writeFolds(&text, bump)
	}
	if !verified {
		return nil
	}
	return &Check{
		Passed:  true, // what the policy rejects is never proposed
		Title:   fmt.Sprintf("%d fixed, %d introduced", scan.Count(fixed).Total(), scan.Count(introduced).Total()),
		Summary: summary.String(),
		Text:    text.String(),
	}
}
