package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
)

// complaints is a testing.TB that keeps what a checker says.
type complaints struct {
	testing.TB
	said []string
}

func (c *complaints) Errorf(format string, args ...any) {
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

// expect checks that there is exactly one complaint and that it has the words, or none for no words.
func (c *complaints) expect(t *testing.T, words string) {
	t.Helper()
	switch {
	case words == "" && len(c.said) > 0:
		t.Errorf("unexpected complaints: %q", c.said)
	case words != "" && len(c.said) != 1:
		t.Errorf("%d complaints, want one with %q: %q", len(c.said), words, c.said)
	case words != "" && !strings.Contains(c.said[0], words):
		t.Errorf("complaint %q does not mention %q", c.said[0], words)
	}
}

const label = `{"id":1,"node_id":"L","url":"http://x","name":"n","description":null,"color":"ededed","default":false}`

const refusal = `{"message":"no","documentation_url":"http://x"}`

func TestMiddleware(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		answer             string
		fault              bool
		strict, lenient    string // what is complained of
	}{
		"good": {method: "GET", path: "/repos/o/r/labels/n", status: 200, answer: label},
		"missing answer field": {
			method: "GET", path: "/repos/o/r/labels/n", status: 200, answer: `{"id":1}`,
			strict: `property "node_id" is missing`, lenient: `property "node_id" is missing`,
		},
		"answer spoiled by a fault": {method: "GET", path: "/repos/o/r/labels/n", status: 200, answer: `{"id":1}`, fault: true},
		"undocumented status": {
			method: "GET", path: "/repos/o/r/labels/n", status: 202, answer: label,
			strict: "status is not supported", lenient: "status is not supported",
		},
		"undocumented path": {
			method: "GET", path: "/repos/o/r/nonsense", status: 404, answer: `{"message":"Not Found"}`, strict: "no matching operation was found",
		},
		"undocumented path answered": {
			method: "GET", path: "/repos/o/r/nonsense", status: 200, answer: `{}`,
			lenient: "was answered 200 though it breaks",
		},
		"missing request field": {
			method: "POST", path: "/repos/o/r/git/blobs", body: `{"encoding":"utf-8"}`, status: 422, answer: refusal,
			strict: `property "content" is missing`,
		},
		"bad mode": {
			method: "POST", path: "/repos/o/r/git/trees", body: `{"tree":[{"path":"a","mode":"100600","content":""}]}`,
			status: 422, answer: refusal, strict: "not one of the allowed values",
		},
		"bad query": {
			method: "GET", path: "/repos/o/r/pulls?state=opened", status: 422, answer: refusal, strict: "not one of the allowed values",
		},
		"completed without conclusion": {
			method: "POST", path: "/repos/o/r/check-runs", body: `{"name":"n","head_sha":"s","status":"completed"}`,
			status: 422, answer: refusal, strict: "must carry a conclusion",
		},
		"bare array of labels": {
			method: "POST", path: "/repos/o/r/issues/1/labels", body: `["a"]`, status: 200, answer: `[` + label + `]`,
		},
		"null for a token": {
			method: "POST", path: "/app/installations/1/access_tokens", body: `null`, status: 201,
			answer: `{"token":"t","expires_at":"2026-11-23T00:00:00Z"}`,
		},
		"ref with slashes":    {method: "DELETE", path: "/repos/o/r/git/refs/heads/basebump/debian", status: 204},
		"message of an error": {method: "GET", path: "/repos/o/r", status: 401, answer: `{}`, strict: `"message" is missing`, lenient: `"message" is missing`},
		"page for people":     {method: "GET", path: "/o/r/pull/1", status: 200, answer: `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if test.fault {
					w.Header().Set(githubtest.FaultHeader, "1")
				}
				if test.status != http.StatusNoContent {
					w.Header().Set("Content-Type", "application/json; charset=utf-8")
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.answer)
			})
			request := func() *http.Request {
				r := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
				if test.body != "" {
					r.Header.Set("Content-Type", "application/json")
				}
				return r
			}
			strict, lenient := &complaints{TB: t}, &complaints{TB: t}
			contract.Middleware(strict, handler).ServeHTTP(httptest.NewRecorder(), request())
			contract.Lenient(lenient, handler).ServeHTTP(httptest.NewRecorder(), request())
			if name != "undocumented path answered" {
				strict.expect(t, test.strict)
			}
			lenient.expect(t, test.lenient)
		})
	}
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ event, body, want string }{
		"missing fields": {"push", `{"ref":"refs/heads/main"}`, `property "before" is missing`},
		"unknown event":  {"nonsense", `{}`, "there is no such event"},
		"unknown action": {"pull_request", `{"action":"nonsense"}`, "there is no such event"},
		"no JSON":        {"push", `{`, "unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &complaints{TB: t}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(test.body))
			r.Header.Set("X-GitHub-Event", test.event)
			contract.Webhooks(heard, http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
			if len(heard.said) != 1 || !strings.Contains(heard.said[0], test.want) {
				t.Errorf("complaints %q, want one with %q", heard.said, test.want)
			}
		})
	}
}

// TestComplete: the description is that of what githubtest answers today. If it is not, run prune.sh.
func TestComplete(t *testing.T) {
	t.Parallel()
	parameter := strings.NewReplacer("{", "", "...}", "", "}", "")
	for _, operation := range githubtest.Operations() {
		heard := &complaints{TB: t}
		method, path, _ := strings.Cut(operation, " ")
		refusing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(githubtest.FaultHeader, "1") })
		contract.Middleware(heard, refusing).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, parameter.Replace(path), nil))
		for _, complaint := range heard.said {
			if strings.Contains(complaint, "no matching operation") || strings.Contains(complaint, "method not allowed") {
				t.Error(complaint)
			}
		}
	}
}
