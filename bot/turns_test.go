package bot_test

import (
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2026, 11, 23, 12, minute, 0, 0, time.UTC) }
	var turns bot.Turns
	take := func(name string, since, now int, want bool) func() {
		t.Helper()
		done, ok := turns.Take(name, at(since), at(now))
		if ok != want {
			t.Errorf("%s listed at %d, now %d: %v", name, since, now, ok)
		}
		return done
	}
	done := take("acme/web", 1, 5, true)
	take("Acme/Web", 6, 6, false) // it lasts
	take("acme/api", 1, 6, true)
	done()
	take("acme/web", 1, 7, false) // listed before the last turn read it anew
	take("acme/web", 8, 8, true)()
	take("acme/web", 8, 9, true)
}
