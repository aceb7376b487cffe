package github

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

// refused is what go-github makes of an answer.
func refused(status int, body string) error {
	target, err := url.Parse(anywhere)
	if err != nil {
		return err
	}
	return gh.CheckResponse(&http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Request: &http.Request{Method: http.MethodPost, URL: target},
	})
}

func TestFailed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		err   error
		class fault.Class
		text  string
	}{
		{"credentials", refused(401, `{"message":"Bad credentials"}`), fault.Auth, "GitHub answered 401 Bad credentials; check github.app_id and its private key, or the token, and this machine's clock"},
		{"permission", refused(403, `{"message":"Resource not accessible by integration"}`), fault.Auth, "GitHub answered 403 Resource not accessible by integration; check the permissions of the App or token, and that the installation has accepted them"},
		{"nothing there", refused(404, `{"message":"Not Found"}`), fault.NotFound, "GitHub answered 404 Not Found; check that it exists and that the App or token may see it"},
		{"gone", refused(410, `{"message":"Issues are disabled"}`), fault.NotFound, "GitHub answered 410 Issues are disabled; check that it exists and that the App or token may see it"},
		{"conflict", refused(409, `{"message":"Conflict"}`), fault.Retry, "GitHub answered 409 Conflict"},
		{
			"validation", refused(422, `{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"A pull request already exists for acme:x."},{"resource":"PullRequest","field":"base","code":"invalid"}]}`),
			fault.Permanent, "GitHub answered 422 Validation Failed (A pull request already exists for acme:x.; PullRequest base invalid)",
		},
		{"their fault", refused(502, "<html>"), fault.Retry, "GitHub answered 502"},
		{"hostile words", refused(400, `{"message":"a\nb\u001b[31m\u202e ghs_abcDEF012 `+strings.Repeat("x", 600)+`"}`), fault.Permanent, "GitHub answered 400 a b [31m [redacted] " + strings.Repeat("x", maxMessage-len("GitHub answered 400 a b [31m [redacted] ")) + "…"},
		{"no answer", &url.Error{Op: "Get", URL: anywhere, Err: io.ErrUnexpectedEOF}, fault.Retry, `Get "https://api.github.com/x": unexpected EOF`},
		{"too slow", context.DeadlineExceeded, fault.Retry, "context deadline exceeded"},
		{"cancelled", context.Canceled, fault.Unknown, "context canceled"},
		{"our own refusal", &url.Error{Op: "Get", URL: anywhere, Err: limited(time.Unix(0, 0))}, fault.Retry, "GitHub's rate limit is met; will try again at 00:00:00"},
	} {
		err := failed("read", "acme/web", tc.err)
		if got := fault.Text(err); got != "read acme/web: "+tc.text || fault.ClassOf(err) != tc.class {
			t.Errorf("%s: %q, %s\nwant %q, %s", tc.name, fault.ClassOf(err), got, tc.class, "read acme/web: "+tc.text)
		}
		if !errors.Is(err, tc.err) && status(tc.err) == 0 && fault.ClassOf(tc.err) == fault.Unknown {
			t.Errorf("%s: the cause is lost", tc.name)
		}
		if status(err) != status(tc.err) {
			t.Errorf("%s: the status is lost", tc.name)
		}
	}
}
