package githubtest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/bot/github/githubtest/contract"
)

// receiver takes webhooks, checks their signature and keeps them.
type receiver struct {
	secret string
	status int

	mu     sync.Mutex
	events []event
	guids  []string
}

type event struct {
	Name, Action, Repository string
	payload                  map[string]any
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write(body)
	if request.Header.Get("X-Hub-Signature-256") != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var payload map[string]any
	_ = json.Unmarshal(body, &payload)
	e := event{Name: request.Header.Get("X-GitHub-Event"), payload: payload}
	e.Action, _ = payload["action"].(string)
	if repository, ok := payload["repository"].(map[string]any); ok {
		e.Repository, _ = repository["full_name"].(string)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events, r.guids = append(r.events, e), append(r.guids, request.Header.Get("X-GitHub-Delivery"))
	w.WriteHeader(r.status)
}

// listen gives the world a receiver, behind the contract checker.
func (w *world) listen() *receiver {
	w.t.Helper()
	r := &receiver{secret: "first", status: http.StatusAccepted}
	server := httptest.NewServer(contract.Webhooks(w.t, r))
	w.t.Cleanup(server.Close)
	w.SetWebhook(githubtest.Webhook{URL: server.URL, Secret: "first"})
	return r
}

// TestEvents lets everything happen that basebump listens to; the contract checker looks at each payload.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddOrganization("acme")
	r := w.listen()
	repo, id := w.repository()
	client, ctx := w.installed(id), t.Context()
	repo.AddCollaborator("alice", "write")

	check := func(t *testing.T, do func(t *testing.T), want ...event) {
		t.Helper()
		w.Drop()
		r.events = nil
		do(t)
		w.Deliver(ctx)
		got := r.events
		for i := range got {
			got[i].payload = nil
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(event{})); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	}
	ok := func(do func() error) func(*testing.T) {
		return func(t *testing.T) {
			t.Helper()
			if err := do(); err != nil {
				t.Error(err)
			}
		}
	}
	web := func(name, action string) event { return event{Name: name, Action: action, Repository: "acme/web"} }

	var runID int64
	check(t, func(*testing.T) { w.Ping() }, event{Name: "ping"})
	check(t, ok(func() error {
		_, err := repo.Push("topic", "alice", "change", githubtest.Files{"a": githubtest.Text("a\n")})
		return err
	}), web("push", ""), web("check_suite", "requested"))
	check(t, ok(func() error {
		_, err := repo.OpenPull("alice", "topic", "main", "Topic", "body")
		return err
	}), web("pull_request", "opened"))
	check(t, ok(func() error {
		_, err := repo.Push("topic", "alice", "more", githubtest.Files{"a": githubtest.Text("b\n")})
		return err
	}), web("push", ""), web("check_suite", "requested"), web("pull_request", "synchronize"))
	check(t, ok(func() error { return repo.EditBody(1, "alice", "other") }), web("pull_request", "edited"))
	check(t, ok(func() error { return repo.SetLabels(1, "alice", "x") }), web("pull_request", "labeled"))
	check(t, ok(func() error { return repo.SetLabels(1, "alice") }), web("pull_request", "unlabeled"))
	check(t, ok(func() error { return repo.SetLocked(1, "alice", true) }), web("pull_request", "locked"))
	check(t, ok(func() error { return repo.SetLocked(1, "alice", false) }), web("pull_request", "unlocked"))
	check(t, ok(func() error {
		_, err := repo.Comment(1, "alice", "/basebump rebase")
		return err
	}), web("issue_comment", "created"))
	check(t, ok(func() error { return repo.ClosePull(1, "alice") }), web("pull_request", "closed"))
	check(t, ok(func() error { return repo.ReopenPull(1, "alice") }), web("pull_request", "reopened"))
	check(t, func(t *testing.T) {
		run, _, err := client.Checks.CreateCheckRun(ctx, "acme", "web", github.CreateCheckRunOptions{
			Name: "basebump/verify", HeadSHA: repo.Pulls()[0].HeadCommit, Conclusion: github.String("success"),
		})
		if err != nil {
			t.Fatal(err)
		}
		runID = run.GetID()
	}, web("check_run", "created"), web("check_run", "completed"), web("check_suite", "completed"))
	check(t, ok(func() error { return repo.Rerequest(runID, "alice") }), web("check_run", "rerequested"))
	check(t, ok(func() error { return repo.RequestAction(runID, "alice", "ignore") }), web("check_run", "requested_action"))
	check(t, ok(func() error { return repo.AddCheckRun("topic", "ci", "") }), web("check_run", "created"))
	check(t, ok(func() error { return repo.SetStatus("topic", "alice", "ci/old", "success") }), web("status", ""))
	check(t, ok(func() error { return repo.Merge(1, "alice") }), web("pull_request", "closed"), web("push", ""), web("check_suite", "requested"))
	check(t, ok(func() error { return repo.DeleteBranch("topic", "alice") }), web("push", ""))
	check(t, func(*testing.T) { repo.OpenIssue("alice", "Dashboard", "- [ ] x") }, web("issues", "opened"))
	check(t, ok(func() error { return repo.EditBody(2, "alice", "- [x] x") }), web("issues", "edited"))
	check(t, ok(func() error {
		deployment, err := repo.Deploy("main", "alice", "production")
		if err != nil {
			return err
		}
		return repo.SetDeploymentStatus(deployment, "alice", "success")
	}), web("deployment_status", "created"))
	check(t, ok(func() error {
		_, err := repo.Push("trunk", "alice", "x", githubtest.Files{"x": githubtest.Text("x")})
		w.Drop()
		if err != nil {
			return err
		}
		return repo.SetDefaultBranch("trunk", "alice")
	}), web("repository", "edited"))
	check(t, func(*testing.T) { repo.SetArchived(true, "alice") }, web("repository", "archived"))
	check(t, func(*testing.T) { repo.SetArchived(false, "alice") }, web("repository", "unarchived"))
	check(t, ok(func() error { return repo.Rename("shop", "alice") }), event{"repository", "renamed", "acme/shop", nil})
	check(t, func(*testing.T) { repo.Delete("alice") }, event{"repository", "deleted", "acme/shop", nil})
}

func TestInstallationEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.listen()
	must(w.AddRepository("acme/web", nil, githubtest.RepositoryOptions{}))(t)
	must(w.AddRepository("acme/api", nil, githubtest.RepositoryOptions{}))(t)
	id := w.AddInstallation("acme", "web")
	for _, err := range []error{
		w.Grant(id, "api"), w.Revoke(id, "web"), w.SetSuspended(id, true), w.SetSuspended(id, false),
		w.SetPermissions(id, map[string]string{"metadata": "read"}), w.Uninstall(id),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	w.Deliver(t.Context())
	var got []string
	for _, e := range r.events {
		got = append(got, e.Name+" "+e.Action)
	}
	want := []string{
		"installation created", "installation_repositories added", "installation_repositories removed", "installation suspend",
		"installation unsuspend", "installation new_permissions_accepted", "installation deleted",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestPushPayload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.listen()
	repo, id := w.repository()
	first := must(repo.Push("topic", "alice", "one", githubtest.Files{"a": githubtest.Text("a\n")}))(t)
	must(repo.Push("topic", "alice", "two", githubtest.Files{"a": githubtest.Text("b\n"), "Dockerfile": {Removed: true}}))(t)
	if err := repo.ForcePush("topic", "alice", first); err != nil {
		t.Fatal(err)
	}
	if err := repo.DeleteBranch("topic", "alice"); err != nil {
		t.Fatal(err)
	}
	w.Deliver(t.Context())
	type flags struct{ Created, Deleted, Forced bool }
	var got []flags
	for _, e := range r.events {
		if e.Name != "push" {
			continue
		}
		if diff := cmp.Diff(float64(id), e.payload["installation"].(map[string]any)["id"]); diff != "" {
			t.Errorf("installation of a push (-want +got):\n%s", diff)
		}
		var f flags
		f.Created, _ = e.payload["created"].(bool)
		f.Deleted, _ = e.payload["deleted"].(bool)
		f.Forced, _ = e.payload["forced"].(bool)
		got = append(got, f)
	}
	if diff := cmp.Diff([]flags{{Created: true}, {}, {Forced: true}, {Deleted: true}}, got); diff != "" {
		t.Errorf("pushes (-want +got):\n%s", diff)
	}
}
