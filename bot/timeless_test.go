package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// TestNewDatabaseEditsNothing has the same findings from a newer database, which knows other probabilities.
func TestNewDatabaseEditsNothing(t *testing.T) {
	t.Parallel()
	of := func(later time.Duration, epss float64) string {
		story := knownExploited()
		for i := range story.before.vulnerabilities {
			story.before.vulnerabilities[i].EPSS = epss + float64(i)/1000
		}
		bump := story.bump(t)
		for _, reports := range [][]scan.Report{bump.Proof.Current, bump.Proof.Next} {
			for i := range reports {
				reports[i].DatabaseBuilt = reports[i].DatabaseBuilt.Add(later)
			}
		}
		check := bot.CheckOf([]bot.Bump{bump})
		return strings.Join([]string{bot.Body([]bot.Bump{bump}), check.Summary, check.Text}, "\n")
	}
	before, after := of(0, 0.11), of(24*time.Hour, 0.17)
	if before == after {
		t.Error("the texts do not tell the database and the probabilities")
	}
	if bot.Timeless(before) != bot.Timeless(after) {
		t.Errorf("before:\n%s\n\nafter:\n%s", bot.Timeless(before), bot.Timeless(after))
	}
}

// TestAnotherCauseEditsNothing has a scanner and a registry that fail in another way each time: only that they did is news.
func TestAnotherCauseEditsNothing(t *testing.T) {
	t.Parallel()
	of := func(signatures, clair string) string {
		story := twoScanners()
		story.others[1].Err = nil
		if clair != "" {
			story.others[1].Err = errors.New(clair)
		}
		bump := story.bump(t)
		bump.Verdict.Reasons = append(bump.Verdict.Reasons, scan.NotLookedAt+": "+signatures)
		check := bot.CheckOf([]bot.Bump{bump})
		return strings.Join([]string{bot.Body([]bot.Bump{bump}), check.Summary, check.Text}, "\n")
	}
	before, after := of("502", "503 `<down>` (a1; b)"), of("read: timeout", "no route to host")
	for _, want := range []string{"signatures not looked at (`502`); same release", "Clair could not scan it (`503 '<down>' (a1; b)`)."} {
		if !strings.Contains(before, want) {
			t.Errorf("%q is not in\n%s", want, before)
		}
	}
	if bot.Timeless(before) != bot.Timeless(after) {
		t.Errorf("before:\n%s\n\nafter:\n%s", bot.Timeless(before), bot.Timeless(after))
	}
	if bot.Timeless(before) == bot.Timeless(of("502", "")) {
		t.Error("it is no news that Clair is back")
	}
}
