package bot_test

import (
	"slices"
	"testing"

	"github.com/basebump/basebump/bot"
)

func TestLearnStyle(t *testing.T) {
	t.Parallel()
	mix := func(texts ...string) []string { return slices.Repeat(texts, 6) }
	for name, tc := range map[string]struct {
		subjects []string
		want     string
	}{
		"nothing yet":            {nil, bot.StyleConventional},
		"too little to tell":     {[]string{"Initial commit", "Add a thing", "Fix it"}, bot.StyleConventional},
		"sentences":              {mix("Add a thing"), bot.StylePlain},
		"mostly sentences":       {mix("Add a thing", "Fix it", "fix: it"), bot.StylePlain},
		"conventional":           {mix("feat(api): a thing", "fix: it"), bot.StyleConventional},
		"ours already":           {mix("fix(docker): update debian", "build(docker): slim it", "build(docker): more"), bot.StyleConventional},
		"dependencies":           {mix("feat: a thing", "build(deps): bump x", "chore(deps): bump y", "build(deps): bump z"), "build(deps): "},
		"images before the rest": {mix("chore(deps): bump x", "chore(deps): bump y", "ci(container): newer"), "ci(container): "},
		"no types of the sort":   {mix("note: mind the gap", "http://x: y"), bot.StylePlain},
	} {
		if got := bot.LearnStyle(tc.subjects); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
