package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, path string) object {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var value object
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestOperations cuts a small description down: what is needed stays, with the properties that are named like prose.
func TestOperations(t *testing.T) {
	t.Parallel()
	got, err := operations(read(t, "testdata/operations/input.json"), []string{
		"GET /repos/{owner}/{repo}/git/ref/{ref...}", "POST /repos/{owner}/{repo}/git/refs",
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read(t, "testdata/operations/expected.json"), got); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
}

func TestUndocumented(t *testing.T) {
	t.Parallel()
	full := read(t, "testdata/operations/input.json")
	_, err := operations(full, []string{"DELETE /repos/{owner}/{repo}/git/refs"})
	if err == nil || !strings.Contains(err.Error(), "GitHub does not document DELETE /repos/{owner}/{repo}/git/refs") {
		t.Errorf("error %v", err)
	}
	if _, err := payloads(full); err == nil || !strings.Contains(err.Error(), "GitHub does not document the webhook") {
		t.Errorf("error %v", err)
	}
}
