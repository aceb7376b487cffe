package github_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/leaktest"
)

var update = flag.Bool("update", false, "rewrite the expected events")

const (
	hookSecret    = "It's a Secret to Everybody"
	formerSecret  = "the one before"
	payloadLimit  = 25 << 20
	smallestEvent = `{"ref":"refs/heads/main","repository":{"full_name":"acme/web","default_branch":"main"},"sender":{"login":"ann","type":"User"}}`
)

// door is a door for webhooks, and what came through.
type door struct {
	*github.Webhooks
	mu    sync.Mutex
	taken []bot.Event
	known map[string]bool
	fail  error
	log   *bytes.Buffer
	guard *leaktest.Guard
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{known: map[string]bool{}, log: &bytes.Buffer{}, guard: leaktest.New(t)}
	d.guard.Keep("the webhook secret", hookSecret)
	d.guard.Keep("the former webhook secret", formerSecret)
	d.Webhooks = &github.Webhooks{
		Secrets: []string{formerSecret, hookSecret},
		Interest: github.Interest{
			Watch: func(name string) bool { return name != "umbra/secret" }, BranchPrefix: "basebump/", AppID: appID,
			Login: func() string { return "basebump[bot]" }, CommentAge: time.Hour,
		},
		Take: func(_ context.Context, event bot.Event) (bool, error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.fail != nil || d.known[event.ID] {
				return false, d.fail
			}
			d.known[event.ID] = true
			d.taken = append(d.taken, event)
			return true, nil
		},
		Now: time.Now,
		Log: slog.New(slog.NewTextHandler(d.guard.Writer("the log", d.log), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	return d
}

func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// knock delivers a body; change may spoil the request.
func (d *door) knock(event string, body []byte, change ...func(*http.Request)) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, "/webhooks/github", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-GitHub-Event", event)
	request.Header.Set("X-GitHub-Delivery", fmt.Sprintf("%x", sha256.Sum256(body))[:36])
	request.Header.Set("X-Hub-Signature-256", sign(hookSecret, body))
	for _, c := range change {
		c(request)
	}
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, request)
	d.guard.Check("an answer", recorder.Body.String())
	return recorder
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// TestWebhookSignature has GitHub's own example, from its page on validating deliveries.
func TestWebhookSignature(t *testing.T) {
	t.Parallel()
	const body, signature = "Hello, World!", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	if got := sign(hookSecret, []byte(body)); got != signature {
		t.Fatalf("signed %s", got)
	}
	d := newDoor(t)
	if got := d.knock("push", []byte(body), header("X-Hub-Signature-256", signature)).Code; got != http.StatusBadRequest { // it is no JSON
		t.Errorf("signed by GitHub: %d", got)
	}
}

func TestWebhookDoor(t *testing.T) {
	t.Parallel()
	body := []byte(smallestEvent)
	deep := []byte(strings.Repeat(`{"repository":`, 1<<20) + "1" + strings.Repeat("}", 1<<20))
	for _, tc := range []struct {
		name   string
		body   []byte
		change []func(*http.Request)
		status int
		says   string
	}{
		{"good", body, nil, 202, "queued"},
		{"signed with the former secret", body, []func(*http.Request){header("X-Hub-Signature-256", sign(formerSecret, body))}, 202, "queued"},
		{"forged", body, []func(*http.Request){header("X-Hub-Signature-256", sign("a guess", body))}, 401, "refused: not signed with our secret"},
		{"signed with nothing", body, []func(*http.Request){header("X-Hub-Signature-256", sign("", body))}, 401, "refused: not signed with our secret"},
		{"unsigned", body, []func(*http.Request){header("X-Hub-Signature-256", "")}, 401, "refused: not signed with our secret"},
		{"an old kind of signature", body, []func(*http.Request){header("X-Hub-Signature-256", "sha1=0123456789012345678901234567890123456789")}, 401, "refused: not signed with our secret"},
		{"a form", body, []func(*http.Request){header("Content-Type", "application/x-www-form-urlencoded")}, 415, "refused: not readable"},
		{"with a charset", body, []func(*http.Request){header("Content-Type", "application/json; charset=utf-8")}, 202, "queued"},
		{"no id", body, []func(*http.Request){header("X-GitHub-Delivery", "")}, 400, "refused: not readable"},
		{"an id that is none", body, []func(*http.Request){header("X-GitHub-Delivery", "1\u2028level=ERROR")}, 400, "refused: not readable"},
		{"an event that is none", body, []func(*http.Request){header("X-GitHub-Event", "push\nx")}, 400, "refused: not readable"},
		{"no JSON", []byte("FROM debian"), nil, 400, "refused: not readable"},
		{"other JSON", []byte(`{"repository":7}`), nil, 400, "refused: not readable"},
		{"a bomb", deep, nil, 400, "refused: not readable"},
		{"said to be larger than GitHub sends", body, []func(*http.Request){func(r *http.Request) { r.ContentLength = payloadLimit + 1 }}, 413, "refused: too large"},
		{"of another repository", []byte(strings.ReplaceAll(smallestEvent, "acme/web", "umbra/secret")), nil, 202, "dropped: the repository is not watched"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t)
			got := d.knock("push", tc.body, tc.change...)
			if got.Code != tc.status || got.Body.String() != tc.says+"\n" {
				t.Errorf("%d %s, want %d %s", got.Code, got.Body, tc.status, tc.says)
			}
			if queued := len(d.taken) == 1; queued != (tc.says == "queued") {
				t.Errorf("taken %v", d.taken)
			}
			if diff := cmp.Diff(map[string]int{tc.says: 1}, d.Counts()); diff != "" {
				t.Errorf("counted:\n%s", diff)
			}
			if strings.Contains(d.log.String(), "level=ERROR") {
				t.Errorf("log:\n%s", d.log)
			}
		})
	}
}

// endless is a body that goes on, and tells how much of it was read.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// TestWebhookIsReadNoFurtherThanNeeded: not at all when it is unsigned or said to be too large, and not beyond the limit.
func TestWebhookIsReadNoFurtherThanNeeded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*http.Request)
		status int
		most   int
	}{
		"unsigned":        {header("X-Hub-Signature-256", ""), 401, 0},
		"said to be huge": {func(r *http.Request) { r.ContentLength = 1 << 40 }, 413, 0},
		"endless":         {func(r *http.Request) { r.ContentLength = -1 }, 413, payloadLimit * 2},
	} {
		body := &endless{}
		got := newDoor(t).knock("push", nil, func(r *http.Request) { r.Body = body }, tc.change)
		if got.Code != tc.status || body.read > tc.most {
			t.Errorf("%s: %d, %d bytes read", name, got.Code, body.read)
		}
	}
}

// TestWebhookAsLargeAsGitHubSends is taken; one byte more is not.
func TestWebhookAsLargeAsGitHubSends(t *testing.T) {
	t.Parallel()
	body := append([]byte(smallestEvent), bytes.Repeat([]byte(" "), payloadLimit-len(smallestEvent))...)
	for _, length := range []int64{payloadLimit, -1} {
		if got := newDoor(t).knock("push", body, func(r *http.Request) { r.ContentLength = length }); got.Code != 202 {
			t.Errorf("length %d: %d %s", length, got.Code, got.Body)
		}
	}
	body = append(body, ' ')
	if got := newDoor(t).knock("push", body, func(r *http.Request) { r.ContentLength = -1 }); got.Code != 413 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// TestWebhookOfChecks: the end of what others check matters to who merges by itself.
func TestWebhookOfChecks(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"check_suite": `{"action":"completed","check_suite":{"head_branch":"basebump/debian","app":{"id":15368}},"repository":{"full_name":"acme/web","default_branch":"main"}}`,
		"status":      `{"state":"success","branches":[{"name":"main"},{"name":"basebump/debian"}],"repository":{"full_name":"acme/web","default_branch":"main"}}`,
	} {
		for _, merges := range []bool{false, true} {
			d := newDoor(t)
			d.Interest.Merges = merges
			if got := d.knock(name, []byte(body)); got.Code != 202 || (len(d.taken) == 1) != merges {
				t.Errorf("%s, merges %v: %s", name, merges, got.Body)
			}
			elsewhere := strings.ReplaceAll(body, "basebump/", "feature/")
			if got := d.knock(name, []byte(elsewhere)); !strings.HasPrefix(got.Body.String(), "dropped: ") {
				t.Errorf("%s elsewhere, merges %v: %s", name, merges, got.Body)
			}
		}
	}
}

// FuzzWebhook: whatever a signed payload says, nothing breaks, and only what is watched is asked for.
func FuzzWebhook(f *testing.F) {
	for _, kind := range examples(f) {
		f.Add(kind.Name, []byte(kind.Examples[0]))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		d := newDoor(t)
		d.Interest.Watch = func(name string) bool { return strings.HasPrefix(name, "acme/") }
		d.knock(name, body)
		for _, event := range d.taken {
			asked := event.Visit
			if event.Comment != nil {
				asked = append(asked, event.Comment.Repository)
			}
			if event.Issue != nil {
				asked = append(asked, event.Issue.Repository)
			}
			if event.Pull != nil {
				asked = append(asked, event.Pull.Repository)
			}
			for _, repository := range asked {
				if !strings.HasPrefix(repository, "acme/") {
					t.Errorf("%+v", event)
				}
			}
		}
	})
}

func TestWebhookReplayed(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	for i, want := range []string{"queued", "known already"} {
		if got := d.knock("push", []byte(smallestEvent)); got.Code != 202 || got.Body.String() != want+"\n" {
			t.Errorf("%d: %d %s", i, got.Code, got.Body)
		}
	}
}

func TestWebhookThatCannotBeKept(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.fail = errors.New("disk full")
	if got := d.knock("push", []byte(smallestEvent)); got.Code != 503 || got.Body.String() != "failed: not queued\n" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if !strings.Contains(d.log.String(), `level=ERROR msg="webhook not queued" event=push`) {
		t.Errorf("log:\n%s", d.log)
	}
}

// TestWebhookExamples sends real payloads, and compares what is made of each with testdata/webhooks/events.golden.
func TestWebhookExamples(t *testing.T) {
	t.Parallel()
	d := newDoor(t)
	d.Interest = github.Interest{
		Watch: func(name string) bool { return !strings.HasPrefix(name, "electron/") }, BranchPrefix: "changes", AppID: 29310,
		Login: func() string { return "octocat" }, CommentAge: time.Hour,
	}
	var out strings.Builder
	for _, kind := range examples(t) {
		for _, body := range kind.Examples {
			d.taken = nil
			answer := d.knock(kind.Name, body)
			var payload struct{ Action string }
			if err := json.Unmarshal(body, &payload); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s: %d %s", strings.TrimSpace(kind.Name+" "+payload.Action), answer.Code, answer.Body)
			for _, event := range d.taken {
				event.ID = ""
				event.Name = ""
				fmt.Fprintf(&out, "    %s\n", must(json.Marshal(event))(t))
			}
		}
	}
	golden := "testdata/webhooks/events.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(must(os.ReadFile(golden))(t)), out.String()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

type exampleKind struct {
	Name     string
	Examples []json.RawMessage
}

func examples(t testing.TB) (kinds []exampleKind) {
	t.Helper()
	file := must(os.Open("testdata/webhooks/examples.json.gz"))(t)
	defer file.Close()
	data := must(io.ReadAll(must(gzip.NewReader(file))(t)))(t)
	if err := json.Unmarshal(data, &kinds); err != nil {
		t.Fatal(err)
	}
	return kinds
}
