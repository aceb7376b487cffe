package main

import (
	"errors"
	"testing"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
)

// TestMessageIsHarmless: an error may hold what an image or a repository says of itself, and no terminal obeys it.
func TestMessageIsHarmless(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{
			&fault.Error{Op: "scan", Target: "a:1", Class: fault.Permanent, Err: errors.New("the image is \x1b[2J\nOK"), Hint: "ask its maker"},
			"basebump: scan a:1: the image is �[2J�OK; ask its maker",
		},
		{
			&config.Invalid{Problems: []config.Problem{{File: "a.yaml", Line: 1, Column: 2, Message: "\x1b[2J"}, {File: "a.yaml", Line: 3, Column: 4, Message: "b"}}},
			"a.yaml:1:2: �[2J\na.yaml:3:4: b",
		},
	} {
		if got := message(tc.err); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}
