package bot_test

import (
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
