package bot

import (
	"net/url"
	"regexp"
	"strings"
)

const (
	sourceLabel   = "org.opencontainers.image.source"
	revisionLabel = "org.opencontainers.image.revision"

	addressLimit = 1024
)

var (
	sourcePath = regexp.MustCompile(`^/([A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}?)(?:\.git)?/?$`)
	commitID   = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// compareLink leads to the changes of the source between two images, where both say which commit of one GitHub repository they are
// built from. Only names that GitHub itself would give go into it.
func compareLink(bump Bump) string {
	if bump.Proof == nil {
		return ""
	}
	before, after := bump.Proof.From.Labels, bump.Proof.To.Labels
	repository := githubRepository(after[sourceLabel])
	from, to := before[revisionLabel], after[revisionLabel]
	if repository == "" || githubRepository(before[sourceLabel]) != repository || from == to ||
		!commitID.MatchString(from) || !commitID.MatchString(to) {
		return ""
	}
	return "[changes in " + escape(repository) + "](https://github.com/" + repository + "/compare/" + from + "..." + to + ")"
}

// githubRepository is the "owner/name" of a GitHub address, or "" for any other text.
func githubRepository(source string) string {
	address, err := url.Parse(source)
	if err != nil || address.Scheme != "https" || address.Host != "github.com" || address.User != nil || address.RawQuery != "" {
		return ""
	}
	found := sourcePath.FindStringSubmatch(address.Path)
	if found == nil || strings.Trim(found[1][strings.IndexByte(found[1], '/'):], "/.") == "" {
		return ""
	}
	return found[1]
}

// webAddress is an advisory's address if it is one that can stand in a Markdown link and leads where it says; otherwise "".
func webAddress(text string) string {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("()<>[]|\\`\"'", r) }
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil ||
		len(text) > addressLimit || strings.ContainsFunc(text, odd) {
		return ""
	}
	if address.Host == "github.com" {
		address.Host = "redirect.github.com" // GitHub's own detour, by which nobody's issue hears of each of our pull requests
	}
	return address.String()
}
