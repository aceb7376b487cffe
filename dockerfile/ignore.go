package dockerfile

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Ignore is what a "basebump: ignore [until=YYYY-MM-DD] [reason=…]" comment says, above a reference or on its line.
type Ignore struct {
	Until  time.Time // the last day that it holds for, in UTC; zero for ever
	Reason string    // as written; may be empty
}

// Holds reports whether the comment still applies.
func (i *Ignore) Holds(now time.Time) bool {
	return i != nil && (i.Until.IsZero() || now.Before(i.Until.AddDate(0, 0, 1)))
}

// Heed returns the extraction as the file's own "basebump: ignore" comments want it at now: what they name is Skipped.
func (e Extraction) Heed(now time.Time) Extraction {
	out := Extraction{Skipped: slices.Clone(e.Skipped)}
	for _, ref := range e.References {
		if !ref.Ignore.Holds(now) {
			out.References = append(out.References, ref)
			continue
		}
		reason := "ignored by a comment"
		if !ref.Ignore.Until.IsZero() {
			reason += " until " + ref.Ignore.Until.Format(time.DateOnly)
		}
		if ref.Ignore.Reason != "" {
			reason += ": " + ref.Ignore.Reason
		}
		out.Skipped = append(out.Skipped, Skipped{File: ref.File, Line: ref.Line, Raw: ref.Raw, Kind: ref.Kind, Reason: reason})
	}
	slices.SortStableFunc(out.Skipped, func(a, b Skipped) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}

// ignoreMark is in every file that has such a comment.
const ignoreMark = "basebump:"

var (
	ignoreComment = regexp.MustCompile(`(?:#|//|--|/\*|;).*\bbasebump:\s*ignore\b(.*)`)

	// commentLine is a line that is a comment, in one of the languages of the files.
	commentLine = regexp.MustCompile(`^(?:#|//|/\*|;|<!--|\{\{-?\s*/\*)`)

	// commentEnd closes a comment that has an end.
	commentEnd = regexp.MustCompile(`\s*(?:\*/(?:\s*-?\}\})?|-->)\s*$`)

	ignoreUntil  = regexp.MustCompile(`(?:^|\s)until=(\S+)`)
	ignoreReason = regexp.MustCompile(`(?:^|\s)reason=(.*)`)
)

// ignore is the comment on one of the lines, or among the comment lines right above one; nil when there is none.
func (f *File) ignore(lines ...int) *Ignore {
	if !f.marked {
		return nil
	}
	for _, n := range lines {
		for first := true; n > 0; n-- {
			span := f.Line(n)
			text := bytes.TrimSpace(f.Data[span.Start:span.End])
			if !first && !commentLine.Match(text) {
				break
			}
			first = false
			if match := ignoreComment.FindSubmatch(text); match != nil {
				return newIgnore(commentEnd.ReplaceAllString(string(match[1]), ""))
			}
		}
	}
	return nil
}

// newIgnore reads the comment's settings. A date that cannot be read never ends: to go on ignoring is the safe mistake.
func newIgnore(settings string) *Ignore {
	var until string
	if found := ignoreUntil.FindStringSubmatchIndex(settings); found != nil {
		until = settings[found[2]:found[3]]
		settings = settings[:found[0]] + settings[found[1]:]
	}
	out := &Ignore{}
	if found := ignoreReason.FindStringSubmatch(settings); found != nil {
		out.Reason = strings.Trim(strings.TrimSpace(found[1]), `"'`)
	}
	if until == "" {
		return out
	}
	day, err := time.Parse(time.DateOnly, until)
	if err != nil {
		out.Reason = strings.TrimSuffix("until="+until+" is no date (YYYY-MM-DD); "+out.Reason, "; ")
		return out
	}
	out.Until = day
	return out
}
