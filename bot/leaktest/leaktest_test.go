package leaktest_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/leaktest"
	"github.com/basebump/basebump/config/fault"
)

// failing notes failures instead of failing.
type failing struct {
	testing.TB
	said []string
}

func (f *failing) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func TestGuard(t *testing.T) {
	t.Parallel()
	const token, key = "ghs_0123456789", "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n+&secondline\n-----END RSA PRIVATE KEY-----\n"
	for name, tc := range map[string]struct {
		do   func(g *leaktest.Guard)
		want string
	}{
		"nothing":         {func(g *leaktest.Guard) { g.Check("a page", "MIIE, RSA PRIVATE KEY, ghs_") }, ""},
		"a token":         {func(g *leaktest.Guard) { g.Check("a page", "it is "+token+"!") }, "a page shows a token: it is [here]!"},
		"a line of a key": {func(g *leaktest.Guard) { g.Check("a page", "MIIEowIBAAKCAQEA") }, "a page shows a key: [here]"},
		"escaped":         {func(g *leaktest.Guard) { g.Check("a page", "?q=%2B%26secondline") }, "a page shows a key: ?q=[here]"},
		"in base64":       {func(g *leaktest.Guard) { g.Check("a page", base64.StdEncoding.EncodeToString([]byte(token))) }, "a page shows a token: [here]"},
		"an error deep down": {func(g *leaktest.Guard) {
			_ = g.Error(fmt.Errorf("outer: %w", quiet{errors.Join(io.EOF, &fault.Error{Err: errors.New("no"), Hint: "use " + token})}))
		}, "an error shows a token: no; use [here]"},
		"cut in two": {func(g *leaktest.Guard) {
			out := g.Writer("the log", io.Discard)
			_, _ = io.WriteString(out, "token="+token[:5])
			_, _ = io.WriteString(out, token[5:]+"\n")
		}, "the log shows a token: token=[here]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &failing{TB: t}
			g := leaktest.New(f)
			g.Keep("a token", token)
			g.Keep("a key", key)
			tc.do(g)
			if tc.want == "" && len(f.said) > 0 || tc.want != "" && !strings.Contains(strings.Join(f.said, "\n"), tc.want) {
				t.Errorf("said %q, want %q", f.said, tc.want)
			}
		})
	}
}

// quiet is an error that says nothing of what it wraps.
type quiet struct{ error }

func (quiet) Error() string   { return "quiet" }
func (q quiet) Unwrap() error { return q.error }
