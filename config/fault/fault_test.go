package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
)

func TestText(t *testing.T) {
	t.Parallel()
	inner := &fault.Error{Op: "open database", Err: io.ErrUnexpectedEOF, Hint: "run `basebump db update`"}
	outer := &fault.Error{Op: "scan", Target: "debian:12", Class: fault.Permanent, Err: inner}
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"plain", errors.New("boom"), "boom"},
		{"hint of the cause", fmt.Errorf("plan: %w", outer), "plan: scan debian:12: open database: unexpected EOF; run `basebump db update`"},
		{"no hint", &fault.Error{Op: "read", Target: "f", Err: io.EOF}, "read f: EOF"},
		{"neither operation nor target", &fault.Error{Err: io.EOF}, "EOF"},
	} {
		if got := fault.Text(tc.err); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestRetryAt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 14, 5, 12, 0, time.UTC)
	err := fmt.Errorf("cycle: %w", &fault.Error{Op: "resolve", Class: fault.Retry, At: at, Err: io.EOF})
	if got, ok := fault.RetryAt(err); !ok || !got.Equal(at) {
		t.Errorf("RetryAt = %v, %v", got, ok)
	}
	if fault.ClassOf(err) != fault.Retry {
		t.Errorf("ClassOf = %q", fault.ClassOf(err))
	}
	if _, ok := fault.RetryAt(&fault.Error{Class: fault.Auth, At: at, Err: io.EOF}); ok {
		t.Error("an auth error has a time to retry")
	}
}
