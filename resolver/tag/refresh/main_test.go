package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRenew(t *testing.T) {
	t.Parallel()
	const input = "testdata/renew/input"
	file := filepath.Join(t.TempDir(), "lines.json")
	before, err := os.ReadFile(filepath.Join(input, "lines.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, before, 0o600); err != nil {
		t.Fatal(err)
	}
	origins := map[string]*origin{"endoflife.date": {input, "2026-08-22"}, "distro-info-data": {input, "1"}}
	for range 2 { // the second time changes nothing
		if err := renew(file, origins); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile("testdata/renew/expected.json")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestRenewLeavesTheFileOnFailure(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "lines.json")
	for _, before := range []string{
		"{",
		`{"products":[{"name":"x","source":"endoflife.date:missing"}]}`,
		`{"products":[{"name":"x","source":"elsewhere:x"}]}`,
	} {
		if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := renew(file, map[string]*origin{"endoflife.date": {dir: t.TempDir()}}); err == nil {
			t.Errorf("%s was renewed", before)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != before {
			t.Errorf("%s became %s, %v", before, after, err)
		}
	}
}
