package bot

import (
	"regexp"

	"github.com/basebump/basebump/scan"
)

// withCause adds to what could not be found out why not. The cause stands in a code span, whose end is sure: another one tells people nothing new.
func withCause(what, cause string) string { return escape(what) + " (" + code(cause) + ")" }

var (
	cause        = regexp.MustCompile("(could not scan it|" + scan.NotLookedAt + ") \\(`[^`]*`\\)")
	databaseTime = regexp.MustCompile(`, database of [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC`)
	probability  = regexp.MustCompile(`, EPSS [0-9]{1,3}\x{a0}%`)
)

// Timeless is a text of ours less what every new database of a scanner changes: its time, and how likely each vulnerability is to be
// exploited; and less why something could not be found out, which may read otherwise at each try. Two texts that are equal but for that
// say the same, and the older one may stay: nobody is told of an edit that tells nothing.
func Timeless(text string) string {
	text = cause.ReplaceAllString(text, "$1")
	return probability.ReplaceAllLiteralString(databaseTime.ReplaceAllLiteralString(text, ""), "")
}
