package bot

import "strings"

// Text from registries, advisories and repositories reaches pull requests, where GitHub would render it. These escape it.

var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "|", `\|`, "#", `\#`,
	"@", "@\u2060", "://", ":\u2060//", // a word joiner keeps mentions and bare links from coming alive
	"\r", " ", "\n", " ",
)

// escape makes hostile text plain text on one line, within a table cell too.
func escape(text string) string { return markdownEscapes.Replace(text) }

// code shows hostile text as a code span, which GitHub leaves alone but for its own delimiter and a table's.
func code(text string) string {
	text = strings.NewReplacer("`", "'", "|", "\u2502", "\r", " ", "\n", " ").Replace(text)
	return "`" + text + "`"
}
