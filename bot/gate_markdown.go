package bot

import (
	"fmt"
	"strings"

	"github.com/basebump/basebump/scan"
)

// Gated is what a gate says of one image.
type Gated struct {
	Named
	Mark, Words string // the answer as a sign, and in words
	Files       []Place
	Failing     []scan.Vulnerability
}

// GateMarkdown is a gate's answer, such as for the summary of a CI job: the conclusion, a row for each image, and what fails each.
func GateMarkdown(conclusion string, images []Gated, used []scan.Used) string {
	rows := make([]string, len(images))
	var details []string
	failing := opened{"failing", "fixed in", fix}
	for i, image := range images {
		name := code(ShortName(image.Named.String()))
		rows[i] = row(image.Mark, name, escape(image.Words), whereNamed(image.Files))
		if found := flaws(image.Failing, scan.Diff{}); len(found) > 0 {
			details = append(details, paragraphs(name, table(failing.head(), failing.rows(found, true))))
		}
	}
	texts := []string{escape(conclusion), table("| | image | answer | where |\n|---|---|---|---|\n", rows)}
	texts = append(texts, details...)
	if len(used) > 0 {
		texts = append(texts, "Scanned with "+enumerate(usedWords(used), 3)+".")
	}
	return paragraphs(texts...)
}

func whereNamed(files []Place) string {
	names := make([]string, len(files))
	for i, place := range files {
		names[i] = code(fmt.Sprintf("%s:%d", place.File, place.Line))
	}
	return enumerate(names, placesShown)
}

// usedWords names scanners and their databases.
func usedWords(used []scan.Used) []string {
	words := make([]string, len(used))
	for i, u := range used {
		words[i] = strings.TrimSpace(escape(capital(u.Name)) + " " + escape(u.Version))
		if !u.DatabaseBuilt.IsZero() {
			words[i] += ", database of " + u.DatabaseBuilt.UTC().Format("2006-01-02 15:04") + " UTC"
		}
	}
	return words
}
