package bot

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	sourceLabel   = "org.opencontainers.image.source"
	revisionLabel = "org.opencontainers.image.revision"

	addressLimit = 1024
)

var (
	sourcePath = regexp.MustCompile(`^/((?:[A-Za-z0-9._-]+/){1,8}[A-Za-z0-9._-]+?)(?:\.git)?/?$`)
	commitID   = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
)

// comparison is how a forge shows the changes between two commits, in a repository's address with %s for the older and the newer one.
type comparison struct {
	path   string
	nested bool // repositories may lie deeper than owner/name
}

// forges are those whose pages are known. What people host themselves cannot be told from any other address.
var forges = map[string]comparison{
	"github.com":    {path: "/compare/%s...%s"},
	"gitlab.com":    {path: "/-/compare/%s...%s", nested: true},
	"codeberg.org":  {path: "/compare/%s...%s"},
	"gitea.com":     {path: "/compare/%s...%s"},
	"bitbucket.org": {path: "/branches/compare/%[2]s%%0D%[1]s"},
}

// compareLink leads to the changes of the source between two images, where both say which commit of one repository they are built from.
// Only names that a known forge would give go into it.
func compareLink(bump Bump) string {
	if bump.Proof == nil {
		return ""
	}
	before, after := bump.Proof.From.Labels, bump.Proof.To.Labels
	host, repository := sourceOf(after[sourceLabel])
	otherHost, other := sourceOf(before[sourceLabel])
	from, to := before[revisionLabel], after[revisionLabel]
	if repository == "" || otherHost != host || other != repository || from == to || !commitID.MatchString(from) || !commitID.MatchString(to) {
		return ""
	}
	address := "https://" + host + "/" + repository + fmt.Sprintf(forges[host].path, from, to)
	return "[changes in " + escape(repository) + "](" + address + ")"
}

// sourceOf takes the address of a known forge's repository apart; both parts are empty for any other text.
func sourceOf(source string) (host, repository string) {
	address, err := url.Parse(source)
	if err != nil || len(source) > addressLimit || address.Scheme != "https" || address.User != nil || address.RawQuery != "" {
		return "", ""
	}
	forge, known := forges[address.Host]
	found := sourcePath.FindStringSubmatch(address.Path)
	if !known || found == nil {
		return "", ""
	}
	names := strings.Split(found[1], "/")
	odd := func(name string) bool { return strings.Trim(name, ".-") == "" }
	if len(names) > 2 && !forge.nested || slices.ContainsFunc(names, odd) {
		return "", ""
	}
	return address.Host, found[1]
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
