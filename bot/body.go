package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/basebump/basebump/scan"
)

const (
	// BodyLimit is how many characters GitHub takes; some are left for the forge's own marker.
	BodyLimit = 65_536 - 2_048

	bodyRows = 100 // of each folded list: every subscriber gets the body by mail, the check has room for the rest
)

// Body is the pull request's text: what moves, whether it is worth it, whether it is safe; the rest folds. It holds nothing that
// changes with time alone, so that an unchanged plan needs no edit.
func Body(bumps []Bump) string {
	p := page{divider: "---", foot: bodyFoot(bumps)}
	if len(bumps) > 1 {
		p.head = overview(bumps)
	}
	for _, bump := range bumps {
		p.parts = append(p.parts, bodyPart(bump, worstShown(len(bumps))))
	}
	most := shape{rows: bodyRows, links: true, more: "see the check **basebump/verify**"}
	return p.fit(BodyLimit, utf8.RuneCountInString, most)
}

// worstShown is how many vulnerabilities stand outside the fold of each bump: nine in all, but three of each at least.
func worstShown(bumps int) int { return max(9/bumps, 3) }

func bodyPart(bump Bump, shown int) part {
	if !bump.Verified() {
		reasons := capital(escapeAll(bump.Verdict.Reasons)) + "."
		return part{
			lead: paragraphs(moveLine(bump), reasons, findingsLine(bump.Findings), placesLine(bump.References)),
			end:  rejectedFold(bump.Rejected),
		}
	}
	move := moveLine(bump)
	safety := paragraphs(safetyLine(bump), othersLine(bump.Proof), findingsLine(bump.Findings), placesLine(bump.References))
	open, folded := lists(bump, shown)
	return part{
		lead:  paragraphs(move, countsTable(bump), open, safety),
		brief: paragraphs(move+" · "+countsLine(bump.Fixed, bump.Introduced), safety),
		lists: folded,
		end:   rejectedFold(bump.Rejected),
	}
}

// overview says of several bumps together whether they are worth it.
func overview(bumps []Bump) string {
	var fixed, introduced []scan.Vulnerability
	for _, bump := range bumps {
		fixed, introduced = append(fixed, bump.Fixed...), append(introduced, bump.Introduced...)
	}
	return fmt.Sprintf("**%d updates** · ", len(bumps)) + countsLine(fixed, introduced)
}

// countsLine is the table of numbers in few words.
func countsLine(fixed, introduced []scan.Vulnerability) string {
	return "fixes " + phrase(fixed) + " · introduces " + phrase(introduced)
}

func phrase(list []scan.Vulnerability) string {
	if len(list) == 0 {
		return "none"
	}
	return scan.Count(list).Phrase()
}

// bodyFoot says what the numbers rest on and how to say no.
func bodyFoot(bumps []Bump) string {
	thing := "digest"
	if slices.ContainsFunc(bumps, func(b Bump) bool { return b.To.Digest == "" }) {
		thing = "tag"
	}
	what := "this " + thing + " is"
	if len(bumps) > 1 {
		what = "these " + thing + "s are"
	}
	no := "*To say no, close this pull request: " + what + " not offered again. Or write a comment: `/basebump ignore until=DATE reason=…`, " +
		"`/basebump rebase`, `/basebump explain`.*"
	if !slices.ContainsFunc(bumps, Bump.Verified) {
		return no
	}
	return scannedLine(bumps) + "; both images, every platform. Full report: the check **basebump/verify**.\n\n" + no
}

// moveLine says what moves, from where to where.
func moveLine(bump Bump) string {
	parts := []string{"**" + escape(bump.Image) + "**"}
	switch {
	case bump.From.Tag == "" || bump.To.Tag == "": // named by digest
	case bump.From.Tag != bump.To.Tag:
		parts = append(parts, "tag "+code(bump.From.Tag)+" → "+code(bump.To.Tag))
	default:
		parts = append(parts, "tag "+code(bump.To.Tag)+" stays")
	}
	switch {
	case bump.From.Digest != "":
		parts = append(parts, build(bump.From)+" → "+build(bump.To))
	case bump.To.Digest == "":
		parts = append(parts, "not pinned, and stays so")
	case bump.Verified() && !bump.IsPin():
		today := Version{Digest: bump.Proof.From.Digest, Created: bump.From.Created}
		parts = append(parts, build(today)+", not pinned → "+build(bump.To))
	default:
		parts = append(parts, "not pinned → "+build(bump.To))
	}
	if link := compareLink(bump); link != "" {
		parts = append(parts, link)
	}
	return strings.Join(parts, " · ")
}

func build(v Version) string {
	text := code(ShortDigest(v.Digest) + "…")
	if v.Created != nil {
		text += " (" + v.Created.UTC().Format(time.DateOnly) + ")"
	}
	return text
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// escapeAll joins phrases, each escaped for itself.
func escapeAll(phrases []string) string {
	escaped := make([]string, len(phrases))
	for i, text := range phrases {
		escaped[i] = escape(text)
	}
	return strings.Join(escaped, "; ")
}
