package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/dockerfile"
)

// TestKindsPage keeps docs/kinds.md in step with the table of kinds and with their golden cases; -update writes it.
func TestKindsPage(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	page.WriteString("# Kinds of files\n\nWritten by `go test ./dockerfile/manifest -update` from the golden cases, which are in `dockerfile/manifest/testdata/KIND/CASE`.\n\n" +
		"Files are found by name and by content, over the whole tree. In every kind a comment `basebump: ignore [until=YYYY-MM-DD] [reason=…]`, on the line\n" +
		"of a reference or right above it, leaves the reference alone; above the line of an `.env` file, too.\n")
	var done []string
	kinds := append(Kinds(), Kind{Name: "custom", Files: "whatever the configuration's `patterns` describe"})
	for _, kind := range kinds {
		if slices.Contains(done, kind.Name) {
			continue
		}
		done = append(done, kind.Name)
		fmt.Fprintf(&page, "\n## %s\n\n", kind.Name)
		for _, same := range kinds {
			if same.Name == kind.Name {
				fmt.Fprintf(&page, "- %s\n", same.Files)
			}
		}
		page.WriteString("\n| case | references | skipped |\n| --- | --- | --- |\n")
		writeCases(t, &page, kind.Name)
	}
	compare(t, filepath.Join("..", "..", "docs", "kinds.md"), page.Bytes())
}

// writeCases writes a row for each golden case of a kind.
func writeCases(t *testing.T, page *bytes.Buffer, kind string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", kind, "*", "references.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var found dockerfile.Extraction
		if err := json.Unmarshal(data, &found); err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(filepath.Base(filepath.Dir(path)), "-", " ")
		fmt.Fprintf(page, "| %s | %s | %s |\n", name, cell(references(found)), cell(reasons(found)))
	}
}

func references(found dockerfile.Extraction) (out []string) {
	for _, ref := range found.References {
		image := strings.TrimPrefix(ref.Image, "docker.io/library/")
		if ref.Tag != "" {
			image += ":" + ref.Tag
		}
		if ref.Digest != "" {
			image += ", pinned"
		}
		out = append(out, "`"+ref.Raw+"` is "+image)
	}
	return out
}

func reasons(found dockerfile.Extraction) (out []string) {
	for _, skipped := range found.Skipped {
		out = append(out, "`"+skipped.Raw+"` "+skipped.Reason)
	}
	return out
}

// cell fits a few lines into a cell of a table.
func cell(lines []string) string {
	const most = 4
	if len(lines) > most {
		lines = append(lines[:most:most], fmt.Sprintf("and %d more", len(lines)-most))
	}
	clean := strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ")
	return clean.Replace(strings.Join(lines, "<br>"))
}
