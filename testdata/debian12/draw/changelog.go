package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

// An upload is one entry of a Debian changelog.
type upload struct {
	source, version string
	urgency         string
	date            time.Time
	cves            []string
}

var (
	heading = regexp.MustCompile(`^(\S+) \(([^)]+)\) [^;]*;.*\burgency=(\w+)`)
	cve     = regexp.MustCompile(`\bCVE-\d{4}-\d{4,}\b`)
)

// parseChangelog returns the uploads of a Debian changelog, newest first.
func parseChangelog(r io.Reader) ([]upload, error) {
	var uploads []upload
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if m := heading.FindStringSubmatch(line); m != nil {
			uploads = append(uploads, upload{source: m[1], version: m[2], urgency: strings.ToLower(m[3])})
			continue
		}
		if len(uploads) == 0 {
			continue
		}
		last := &uploads[len(uploads)-1]
		if trailer, ok := strings.CutPrefix(line, " -- "); ok {
			// Uploads of the last century have dates of many shapes; none of them names a CVE.
			_, date, _ := strings.Cut(trailer, ">  ")
			last.date, _ = time.Parse("Mon, _2 Jan 2006 15:04:05 -0700", strings.TrimSpace(date))
		}
		last.cves = append(last.cves, cve.FindAllString(line, -1)...)
	}
	if len(uploads) == 0 {
		return nil, errors.Join(errors.New("no upload in the changelog"), lines.Err())
	}
	return uploads, lines.Err()
}

// urgencies maps the urgency of an upload to the severity that its advisories get.
var urgencies = map[string]string{
	"low":       "Low",
	"medium":    "Medium",
	"high":      "High",
	"emergency": "Critical",
	"critical":  "Critical",
}

// advisories returns one advisory for each CVE that a changelog names, sorted by CVE.
func advisories(changelog []upload) ([]expect.Advisory, error) {
	var drawn []expect.Advisory
	named := make(map[string]bool)
	for i, entry := range slices.Backward(changelog) {
		for _, id := range entry.cves {
			if named[id] {
				continue // a later upload that comes back to a CVE
			}
			named[id] = true
			fix, err := lowest(changelog[:i+1])
			if err != nil {
				return nil, err
			}
			severity := urgencies[fix.urgency]
			if severity == "" || fix.date.IsZero() {
				return nil, fmt.Errorf("%s %s names %s without a known urgency and date", fix.source, fix.version, id)
			}
			drawn = append(drawn, expect.Advisory{
				CVE: id, Source: changelog[0].source, Fixed: fix.version, Date: fix.date, Severity: severity,
			})
		}
	}
	slices.SortFunc(drawn, func(a, b expect.Advisory) int { return strings.Compare(a.CVE, b.CVE) })
	return drawn, nil
}

// lowest returns the upload with the lowest version. An upload that names a CVE
// may be followed by its own rebuild for Debian 12, whose version sorts below
// it: 0.34-4 before 0.34-4~deb12u1. Both are fixed, and the lower one says so.
func lowest(uploads []upload) (upload, error) {
	low := uploads[len(uploads)-1]
	for _, other := range uploads {
		order, err := expect.Compare(other.version, low.version)
		if err != nil {
			return upload{}, err
		}
		if order < 0 {
			low = other
		}
	}
	return low, nil
}
