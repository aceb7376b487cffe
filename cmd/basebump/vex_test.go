package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/config"
)

func TestReadVEX(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pattern := config.Path(filepath.Join(folder, "*.json"))
	write("b.json", `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}`)
	write("a.json", `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}`)
	documents, err := readVEX([]config.Path{pattern, config.Path(filepath.Join(folder, "a.json")), "/nothing/here"})
	if err != nil || len(documents) != 2 || filepath.Base(documents[0].Name) != "a.json" {
		t.Errorf("got %d documents, %v", len(documents), err)
	}
	warned := withoutVEX([]config.Path{pattern, "/nothing/here"})
	if len(warned) != 1 || warned[0].Message != "policy.vex[1]: no file matches /nothing/here, so it sets nothing aside" {
		t.Errorf("warned of %v", warned)
	}
	write("b.json", `{}`)
	if _, err := readVEX([]config.Path{pattern}); err == nil || !strings.Contains(err.Error(), "b.json: its @context is") {
		t.Errorf("got %v", err)
	}
}
