//go:build e2e

package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// What one cycle costs that finds a moved tag in one repository and opens its pull request. The worker's own requests are among those
// to the registry: each image is pulled once.
var (
	wantRegistryRequests = map[string]int{
		"GET /v2/":                                3, // one by the bot, one by the worker for each image
		"HEAD /v2/library/debian/manifests/12":    1,
		"GET /v2/library/debian/tags/list":        1,
		"GET /v2/library/debian/manifests/DIGEST": 6, // two indexes, their two images, and those again by the worker
		"GET /v2/library/debian/blobs/DIGEST":     4, // two configurations and two layers

		// Is today's image signed? This registry has no referrers: it is asked once, then for the tags that stand in for them.
		"GET /v2/library/debian/referrers/DIGEST":            1,
		"GET /v2/library/debian/manifests/TAG-OF-DIGEST":     1,
		"GET /v2/library/debian/manifests/TAG-OF-DIGEST.sig": 1,
	}
	wantGitHubRequests = map[string]int{
		"GET /app/installations":                                  1,
		"GET /installation/repositories":                          1,
		"GET /repos/{owner}/{repo}/git/ref/{ref...}":              2, // the default branch, and the proposal's, which is not there
		"GET /repos/{owner}/{repo}/git/trees/{tree_sha...}":       1,
		"GET /repos/{owner}/{repo}/git/blobs/{file_sha}":          3,
		"GET /repos/{owner}/{repo}/git/commits/{commit_sha}":      1,
		"GET /repos/{owner}/{repo}/commits":                       1, // how the repository words its commits
		"GET /repos/{owner}/{repo}/pulls":                         2,
		"POST /app/installations/{installation_id}/access_tokens": 2, // one to read, one to write this repository alone
		"POST /repos/{owner}/{repo}/check-runs":                   1,
		"POST /repos/{owner}/{repo}/git/commits":                  1,
		"POST /repos/{owner}/{repo}/git/refs":                     1,
		"POST /repos/{owner}/{repo}/git/trees":                    1,
		"POST /repos/{owner}/{repo}/issues/{issue_number}/labels": 1,
		"POST /repos/{owner}/{repo}/pulls":                        1,
	}
)

// fixed returns the matches that are in the old image and not in the new one, by distinct CVE, and counts them by severity.
func fixed(old, new []expect.Match) (counts map[string]int) {
	return expect.CVEs(slices.DeleteFunc(slices.Clone(old), func(m expect.Match) bool {
		return slices.ContainsFunc(new, func(n expect.Match) bool { return n.CVE == m.CVE && n.Package == m.Package })
	}))
}

func checkPull(t *testing.T, repo *githubtest.Repo, old, new []expect.Match) {
	t.Helper()
	pulls := repo.Pulls()
	if len(pulls) != 1 {
		t.Fatalf("%d pull requests, want 1", len(pulls))
	}
	pull := pulls[0]
	counts := fixed(old, new)
	all := 0
	for _, n := range counts {
		all += n
	}
	if want := fmt.Sprintf("fix(docker): update debian:12 to the %s build (%d vulnerabilities fixed", builtOn(t, "newer.tar").Built.Format("2006-01-02"), all); !strings.HasPrefix(pull.Title, want) {
		t.Errorf("title %q, want it to begin with %q", pull.Title, want)
	}
	row := fmt.Sprintf("| **fixed** | %d | %d | %d | %d |", counts["Critical"], counts["High"], counts["Medium"], counts["Low"])
	if !strings.Contains(pull.Body, row) {
		t.Errorf("no row %q in the body:\n%s", row, pull.Body)
	}
	t.Logf("#%d %s: %v", pull.Number, pull.Title, counts)
	if d := cmp.Diff([]string{"basebump"}, pull.Labels); d != "" {
		t.Errorf("labels (-want +got):\n%s", d)
	}
	commits, err := repo.Commits(pull.Head)
	if err != nil {
		t.Fatal(err)
	}
	if !commits[0].Verified {
		t.Error("the commit is not verified")
	}
}

// wantFiles is every file of the repository after the bump, to the byte.
func wantFiles(newer string) map[string]string {
	return map[string]string{
		"Dockerfile":      "ARG BASE=debian:12@" + newer + "\nFROM ${BASE} AS build\nFROM ${BASE}\nCOPY --from=build /etc/os-release /\n",
		"compose.yaml":    "services:\n  shell:\n    image: \"debian:12@" + newer + "\" # pinned\n",
		"deploy/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: shop\n      image: debian:12@" + newer + "\n",
		"README.md":       "FROM debian:12\n",
	}
}

func checkFiles(t *testing.T, repo *githubtest.Repo, newer string) {
	t.Helper()
	files, err := repo.Files(repo.Pulls()[0].Head)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for path, file := range files {
		got[path] = string(file.Data)
	}
	if d := cmp.Diff(wantFiles(newer), got); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
}

// checkLocal asks the same of a checkout: plan shows it, apply writes it, scan judges it.
func checkLocal(t *testing.T, p program, files map[string]string, old, newer string, oldMatches, newMatches []expect.Match) {
	t.Helper()
	folder := t.TempDir()
	for path, text := range files {
		full := filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var plan bot.Plan
	if err := json.Unmarshal([]byte(p.run(t, 1, "plan", folder, "--output", "json", "--exit-code")), &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Bumps) != 1 || plan.Bumps[0].From.Digest != old || plan.Bumps[0].To.Digest != newer {
		t.Errorf("bumps %+v, want one from %s to %s", plan.Bumps, old, newer)
	}
	if want := len(oldMatches) - len(newMatches); len(plan.Bumps[0].Fixed) != want {
		t.Errorf("%d fixed, want %d", len(plan.Bumps[0].Fixed), want)
	}
	p.run(t, 0, "apply", folder)
	for path, want := range wantFiles(newer) {
		got, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
	p.run(t, 0, "plan", folder, "--exit-code")
	p.run(t, 0, "scan", "debian@"+old, "debian@"+newer)
	p.run(t, 1, "scan", "debian@"+newer, "debian@"+old)
	var one scanned
	if err := json.Unmarshal([]byte(p.run(t, 0, "scan", "debian@"+old, "--output", "json")), &one); err != nil {
		t.Fatal(err)
	}
	if got := len(one.Reports[0].Vulnerabilities); got != len(oldMatches) {
		t.Errorf("scan finds %d matches in the old image, want %d", got, len(oldMatches))
	}
}

// keptReports counts the reports that are kept, with the build times of their databases.
func (p program) keptReports(t *testing.T) (count int, oldest, newest int64) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(p.folder, "basebump.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*), min(database), max(database) FROM report").Scan(&count, &oldest, &newest); err != nil {
		t.Fatal(err)
	}
	return count, oldest, newest
}
