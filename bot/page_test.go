package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/basebump/basebump/bot"
)

// TestLimits cuts what is too long at the end of a row, closes its folds and says where the rest is.
func TestLimits(t *testing.T) {
	t.Parallel()
	const checkLimit = 65_535
	several := func(n int, m moved) []bot.Bump {
		bumps := make([]bot.Bump, n)
		for i := range bumps {
			bumps[i] = m.bump(t)
		}
		return bumps
	}
	for name, tc := range map[string]struct {
		bumps       []bot.Bump
		body, check string // what says that there is more
	}{
		"hundreds of rows":   {bumps: several(1, withMany(400)), body: "*… and 300 more rows: see the check **basebump/verify**.*"},
		"thousands of rows":  {bumps: several(1, withMany(2000)), body: "*… and 1900 more rows: ", check: " more rows: `basebump scan FROM TO` shows all.*"},
		"dozens of images":   {bumps: several(60, withMany(20)), check: " more rows: `basebump scan FROM TO` shows all.*"},
		"hundreds of images": {bumps: several(400, oneImage()), body: " more updates: see the check **basebump/verify**.*", check: " more updates: `basebump scan FROM TO` shows all.*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, check := bot.Body(tc.bumps), bot.CheckOf(tc.bumps)
			whole(t, "body", body, tc.body, utf8.RuneCountInString(body), bot.BodyLimit)
			whole(t, "summary", check.Summary, "", len(check.Summary), checkLimit)
			whole(t, "text", check.Text, tc.check, len(check.Text), checkLimit)
			if !strings.Contains(body, "To say no") || !strings.Contains(body, "Scanned with Grype") {
				t.Error("the body lost its end")
			}
		})
	}
}

// whole fails where a text is too long, lacks the word on what is left out, or ends within a row or a fold.
func whole(t *testing.T, what, text, more string, size, limit int) {
	t.Helper()
	if size > limit {
		t.Errorf("%s: %d, over %d", what, size, limit)
	}
	if !strings.Contains(text, more) {
		t.Errorf("%s: %q is not in it", what, more)
	}
	if opened, closed := strings.Count(text, "<details>"), strings.Count(text, "</details>"); opened != closed {
		t.Errorf("%s: %d folds opened, %d closed", what, opened, closed)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("%s: cut within the row %q", what, line)
		}
	}
}

// TestTheCheckGivesUpLinksBeforeRows shows a whole list that fits only so.
func TestTheCheckGivesUpLinksBeforeRows(t *testing.T) {
	t.Parallel()
	check := bot.CheckOf([]bot.Bump{withMany(250).bump(t)})
	if strings.Contains(check.Text, "](https://") || strings.Contains(check.Text, "more rows") {
		t.Error("got links or a cut list")
	}
	for i := range 250 {
		if id := fmt.Sprintf("CVE-2026-%05d", i); strings.Count(check.Text, id) != 1 {
			t.Errorf("%s is there %d times", id, strings.Count(check.Text, id))
		}
	}
}
