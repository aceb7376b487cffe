package bot_test

import (
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

func TestScanMarkdown(t *testing.T) {
	t.Parallel()
	bump := twoPlatforms().bump(t)
	from := bot.Named{Image: debian, Tag: "12", Digest: oldDigest}
	to := bot.Named{Image: debian, Digest: newDigest}
	golden(t, "scan/report.md", bot.ReportMarkdown(from, bump.Proof.Current))
	golden(t, "scan/clean.md", bot.ReportMarkdown(to, []scan.Report{{Platform: "linux/amd64", Packages: bump.Proof.Next[0].Packages}}))
	golden(t, "scan/accepted.md", bot.ProofMarkdown(from, bot.Named{Image: debian, Tag: "12", Digest: newDigest}, bump.Proof))

	bump.Proof.Verdict = scan.Verdict{Reasons: []string{"no longer built for linux/s390x", "too young"}}
	golden(t, "scan/rejected.md", bot.ProofMarkdown(from, bot.Named{Image: nginx, Digest: newDigest}, bump.Proof))

	none := &bot.Proof{Opinion: bot.Opinion{Verdict: bump.Proof.Verdict}}
	golden(t, "scan/unscanned.md", bot.ProofMarkdown(from, to, none))
}
