package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

var (
	foldPattern = regexp.MustCompile(`(?s)<details><summary>(.*?)</summary>.*?</details>\n\n`)
	linkPattern = regexp.MustCompile(`\[([^\]]*)\]\(https?://[^)]*\)`)
	unescape    = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", `\\`, `\`, `\`, "", "\u2060", "", "**", "")
)

// showMarkdown prints a pull request's body as a person sees it: folds closed, tables aligned, the hidden parts hidden.
func showMarkdown(w io.Writer, body string) {
	body, _, _ = strings.Cut(body, "<!--")
	body = foldPattern.ReplaceAllString(body, "▸ $1\n")
	body = unescape.Replace(linkPattern.ReplaceAllString(body, "$1"))
	var table [][]string
	for line := range strings.Lines(strings.TrimSpace(body) + "\n") {
		line = strings.TrimSuffix(line, "\n")
		if cells, ok := strings.CutPrefix(line, "|"); ok {
			if !strings.HasPrefix(cells, "---") {
				table = append(table, append([]string{"│"}, tableCells(cells)...))
			}
			continue
		}
		writeColumns(w, table)
		table = nil
		fmt.Fprintln(w, "  │ "+line)
	}
	writeColumns(w, table)
	fmt.Fprintln(w)
}

func tableCells(row string) []string {
	cells := strings.Split(strings.TrimSuffix(row, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}
