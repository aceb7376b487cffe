package bot

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Text from registries, advisories and repositories reaches pull requests, where GitHub renders it. What is here makes it plain text.

const (
	textLimit  = 256 // characters of one text that are shown; no honest name, version or sentence is longer
	marksLimit = 3   // accents upon one letter; a tower of them covers the lines above
)

// escape shows a text as itself, on one line, anywhere in Markdown, within a table too.
func escape(text string) string { return markdownEscapes.Replace(escapeHTML(text)) }

// Entities stand for what a table or a code span would still see behind a backslash.
var markdownEscapes = strings.NewReplacer(
	`\`, "&#92;", "`", "&#96;", "|", "&#124;", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "#", `\#`,
)

// escapeHTML shows a text as itself, on one line, in HTML.
func escapeHTML(text string) string { return htmlEscapes.Replace(quiet(plain(text))) }

// A span around the dollar is what GitHub asks for where no formula is meant.
var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "$", "<span>$</span>")

// code shows a text as a code span, in which GitHub looks for nothing but its end, a table for its bars, and other bots for
// comments; empty for an empty one.
func code(text string) string {
	text = codeEscapes.Replace(plain(text))
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

var codeEscapes = strings.NewReplacer("`", "'", "|", "¦", "<!--", "<!\u2060--")

// What GitHub brings to life in rendered text, where no escape is left to stop it.
var (
	alive    = regexp.MustCompile(`(?i)@|://|www\.|#\d|gh-\d`)        // mentions, links, references to issues
	pictured = regexp.MustCompile(`(?i):[0-9_]*[a-z+-][a-z0-9_+-]*:`) // pictures by name
)

// quiet keeps a text from coming alive, by an invisible word joiner behind the first character of what would.
func quiet(text string) string {
	join := func(found string) string { return found[:1] + "\u2060" + found[1:] }
	return alive.ReplaceAllStringFunc(pictured.ReplaceAllStringFunc(text, join), join)
}

// plain makes one short line of a text and shows a � for each character that is not seen itself, or changes how others are seen.
func plain(text string) string {
	var b strings.Builder
	length, marks := 0, 0
	for _, r := range strings.TrimSpace(text) {
		if length++; length > textLimit {
			return b.String() + "…"
		}
		marks++
		if !unicode.IsMark(r) {
			marks = 0
		}
		switch {
		case unicode.IsSpace(r):
			r = ' '
		case marks > marksLimit, !unicode.IsGraphic(r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

// paragraphs puts those that are not empty below each other.
func paragraphs(texts ...string) string {
	var b strings.Builder
	for _, text := range texts {
		if text = strings.TrimSuffix(text, "\n"); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// row is one row of a table.
func row(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// fold hides Markdown behind a summary, which is HTML; without content it is empty.
func fold(summary, content string) string {
	if content == "" {
		return ""
	}
	return "<details><summary>" + summary + "</summary>\n\n" + strings.TrimSuffix(content, "\n") + "\n\n</details>\n"
}

// enumerate is "a", "a and b", "a, b and c", or the first of them "and 4 more".
func enumerate(items []string, most int) string {
	if len(items) > most {
		return strings.Join(items[:most], ", ") + " and " + strconv.Itoa(len(items)-most) + " more"
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return strings.Join(items[:last], ", ") + " and " + items[last]
}
