package bot

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/basebump/basebump/scan"
)

// BodyLimit is how many characters GitHub takes; some are left for the forge's own marker.
const BodyLimit = 65_536 - 2_048

// worstShown is how many fixed vulnerabilities stand outside the fold.
const worstShown = 9

// Body is the pull request's text: what moves, whether it is worth it, whether it is safe; the rest folds. It holds nothing that
// changes with time alone, so that an unchanged plan needs no edit.
func Body(bumps []Bump) string {
	var b strings.Builder
	for i, bump := range bumps {
		if i > 0 {
			b.WriteString("\n---\n\n")
		}
		writeBump(&b, bump)
	}
	b.WriteString("\n*To say no, close this pull request: this digest is not offered again.*\n")
	return cut(b.String(), BodyLimit)
}

func writeBump(b *strings.Builder, bump Bump) {
	writeMove(b, bump)
	if !bump.Verified() {
		fmt.Fprintf(b, "%s.\n\n", escape(capital(strings.Join(bump.Verdict.Reasons, "; "))))
		writePlaces(b, bump.References)
		return
	}
	writeCounts(b, bump)
	writeFixed(b, bump)
	writeSafety(b, bump)
	writePlaces(b, bump.References)
	writeFolds(b, bump)
	writeScanner(b, bump.Proof)
	b.WriteString("Full report: the check **basebump/verify**.\n")
}

func writeMove(b *strings.Builder, bump Bump) {
	tag := "tag " + code(bump.From.Tag) + " stays"
	if bump.From.Tag != bump.To.Tag {
		tag = "tag " + code(bump.From.Tag) + " → " + code(bump.To.Tag)
	}
	from := "not pinned"
	if bump.From.Digest != "" {
		from = build(bump.From)
	}
	fmt.Fprintf(b, "**%s** · %s · %s → %s\n\n", escape(bump.Image), tag, from, build(bump.To))
}

func build(v Version) string {
	text := code(short(v.Digest) + "…")
	if v.Created != nil {
		text += " (" + v.Created.UTC().Format(time.DateOnly) + ")"
	}
	return text
}

func writeCounts(b *strings.Builder, bump Bump) {
	columns := []scan.Severity{scan.Critical, scan.High, scan.Medium, scan.Low}
	rows := []struct {
		name   string
		counts scan.Counts
	}{
		{"**fixed**", scan.Count(bump.Fixed)},
		{"introduced", scan.Count(bump.Introduced)},
		{"remaining", scan.Count(bump.Remaining)},
	}
	for _, rare := range []scan.Severity{scan.Negligible, scan.Unknown} {
		if rows[0].counts[rare]+rows[1].counts[rare]+rows[2].counts[rare] > 0 {
			columns = append(columns, rare)
		}
	}
	b.WriteString("| |")
	for _, severity := range columns {
		fmt.Fprintf(b, " %s |", severity)
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(columns)) + "\n")
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |", row.name)
		for _, severity := range columns {
			fmt.Fprintf(b, " %d |", row.counts[severity])
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func writeFixed(b *strings.Builder, bump Bump) {
	if len(bump.Fixed) == 0 {
		return
	}
	b.WriteString("| fixed | severity | package | was → is |\n|---|---|---|---|\n")
	rows := worstByID(bump.Fixed)
	for _, v := range rows[:min(len(rows), worstShown)] {
		writeRow(b, bump, v)
	}
	b.WriteString("\n")
}

func writeRow(b *strings.Builder, bump Bump, v scan.Vulnerability) {
	id := escape(v.ID)
	if url := advisory(v); url != "" {
		id = "[" + id + "](" + url + ")"
	}
	if v.KnownExploited {
		id += " ⚠ known exploited"
	}
	after := "removed"
	if version := bump.Proof.Diff.VersionAfter(v.Package, v.Type); version != "" {
		after = escape(version)
	}
	fmt.Fprintf(b, "| %s | %s | %s | %s → %s |\n", id, v.Severity, escape(v.Package), escape(v.Installed), after)
}

func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	const note = "\n\n*Cut here: the whole list would not fit.*\n"
	runes := []rune(text)[:limit-utf8.RuneCountInString(note)]
	kept := string(runes)
	if end := strings.LastIndexByte(kept, '\n'); end > 0 {
		kept = kept[:end]
	}
	// An open fold would swallow the note and what the forge adds below.
	for range strings.Count(kept, "<details>") - strings.Count(kept, "</details>") {
		kept += "\n\n</details>"
	}
	return kept + note
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
