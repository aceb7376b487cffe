package web

import (
	"testing"
	"time"
)

func TestAbout(t *testing.T) {
	t.Parallel()
	for span, want := range map[time.Duration]string{
		-time.Hour:                        "just now",
		59 * time.Second:                  "just now",
		time.Minute:                       "1 min ago",
		2*time.Hour - time.Second:         "119 min ago",
		2 * time.Hour:                     "2 hours ago",
		48*time.Hour - time.Second:        "47 hours ago",
		48 * time.Hour:                    "2 days ago",
		400*24*time.Hour + 23*time.Minute: "400 days ago",
	} {
		if got := about(span, "%s ago", "just now"); got != want {
			t.Errorf("%v: got %q, want %q", span, got, want)
		}
	}
}
