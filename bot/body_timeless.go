package bot

import "regexp"

var (
	databaseTime = regexp.MustCompile(`, database of [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC`)
	probability  = regexp.MustCompile(`, EPSS [0-9]{1,3}\x{a0}%`)
)

// Timeless is a text of ours less what every new database of a scanner changes: its time, and how likely each vulnerability is to be
// exploited. Two texts that are equal but for that say the same, and the older one may stay: nobody is told of an edit that tells nothing.
func Timeless(text string) string {
	return probability.ReplaceAllLiteralString(databaseTime.ReplaceAllLiteralString(text, ""), "")
}
