//go:build e2e

package main

import (
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

var pagesAddress = regexp.MustCompile(`pages=(http://\S+)`)

// checkServe starts the service twice: each time it runs its cycle, shows what it knows, and ends cleanly when told to. The second
// start finds what the first one kept.
func checkServe(t *testing.T, p program) {
	t.Helper()
	for range 2 {
		cmd := exec.Command(mustAbs(t, "../../bin/basebump"), "--config", p.config, "--state-dir", p.folder, "serve")
		logs, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		seen := waitFor(t, logs, "cycle done")
		address := pagesAddress.FindStringSubmatch(seen)
		if address == nil {
			t.Fatalf("the log does not say where the pages are:\n%s", seen)
		}
		if page := get(t, address[1]); !strings.Contains(page, "acme/shop") || !strings.Contains(page, "fix(docker): update debian:12") {
			t.Errorf("the page does not show the pull request:\n%s", page)
		}
		if got := get(t, address[1]+"readyz"); got != "ready\n" {
			t.Errorf("readyz: %q", got)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("it did not end cleanly: %v", err)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
