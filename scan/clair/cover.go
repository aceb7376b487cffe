package clair

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/assemble"
)

// updates are the newest updates of each updater, by the updater's name.
type updates map[string][]update

type update struct {
	Ref  string    `json:"ref"`
	Date time.Time `json:"date"`
}

// built is when any of the data last changed: the feeds of old releases no longer change, so the oldest date says nothing.
func (u updates) built() time.Time {
	var newest time.Time
	for _, list := range u {
		for _, one := range list {
			if one.Date.After(newest) {
				newest = one.Date
			}
		}
	}
	return newest.UTC()
}

// refs returns the updates by the updaters whose names begin so.
func (u updates) refs(prefix string) []string {
	var refs []string
	for name, list := range u {
		if strings.HasPrefix(name, prefix) && len(list) > 0 {
			refs = append(refs, list[0].Ref)
		}
	}
	slices.Sort(refs)
	return refs
}

// feeds tell which updaters bring a distribution's advisories: how their names begin. A distribution that is not here has no matcher in
// Clair, which then finds nothing in it and does not say why.
var feeds = map[string]func(distribution) string{
	"alpine":        alpineFeed,
	"amzn":          func(distribution) string { return "aws-" },
	"debian":        func(distribution) string { return "debian/" },
	"ol":            func(distribution) string { return "oracle-" },
	"opensuse":      func(distribution) string { return "suse-updater-opensuse." },
	"opensuse-leap": func(distribution) string { return "suse-updater-opensuse." },
	"photon":        func(distribution) string { return "photon-" },
	"rhel":          func(distribution) string { return "rhel" },
	"sles":          func(distribution) string { return "suse-updater-suse." },
	"ubuntu":        func(d distribution) string { return "ubuntu/updater/" + d.CodeName },
}

func alpineFeed(d distribution) string {
	if d.release() == "edge" {
		return "alpine-main-edge-"
	}
	return "alpine-main-v" + d.release() + "-"
}

// coverage remembers which releases were seen to be covered: their data, by release.
type coverage struct {
	mu    sync.Mutex
	known map[string]string
}

func (c *coverage) has(release, data string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[release] == data
}

func (c *coverage) add(release, data string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]string{}
	}
	c.known[release] = data
}

// cover returns an error unless Clair's data are known to be about the image's distribution: without them, nothing found says nothing.
func (s *Scanner) cover(ctx context.Context, data updates, report *vulnerabilityReport) error {
	for _, d := range report.Distributions {
		feed, ok := feeds[d.ID]
		if !ok {
			return assemble.Permanent("there is no matcher in Clair for %s", assemble.Describe(d.os()))
		}
		refs := data.refs(feed(d))
		if len(refs) == 0 {
			return uncovered(d)
		}
		if d.ID != "debian" {
			continue // one updater for each release, or one feed for good
		}
		if err := s.coverRelease(ctx, refs, d, report); err != nil {
			return err
		}
	}
	return nil
}

// coverRelease looks into the data, which for Debian come from one updater for all releases, of which the old ones are dropped. A
// vulnerability that was found proves it; without one Clair is asked for the updater's data until a line is about the release, which is
// large, but only needed once for each update, and only if nothing was found in any image of the release.
func (s *Scanner) coverRelease(ctx context.Context, refs []string, d distribution, report *vulnerabilityReport) error {
	release, state := d.ID+" "+d.release(), strings.Join(refs, " ")
	proven := report.finds(d) || s.covered.has(release, state)
	for _, ref := range refs {
		if proven {
			break
		}
		var err error
		if proven, err = s.api.holds(ctx, ref, d); err != nil {
			return err
		}
	}
	if !proven {
		return uncovered(d)
	}
	s.covered.add(release, state)
	return nil
}

func uncovered(d distribution) error {
	return &fault.Error{
		Class: fault.Permanent, Err: fmt.Errorf("there is no data in Clair for %s", assemble.Describe(d.os())),
		Hint: "see which updaters Clair runs, and whether they succeed",
	}
}

// finds tells whether a vulnerability of the release is among those found.
func (r *vulnerabilityReport) finds(d distribution) bool {
	for _, ids := range r.Matches {
		for _, id := range ids {
			if about := r.Vulnerabilities[id].Distribution; about != nil && about.same(d) {
				return true
			}
		}
	}
	return false
}

func (d distribution) same(other distribution) bool {
	return d.ID == other.ID && d.release() == other.release()
}

// holds tells whether an update has a vulnerability of the release. It reads no further than to the first.
func (a *api) holds(ctx context.Context, ref string, d distribution) (found bool, err error) {
	query := url.Values{"cur": {ref}}
	err = a.do(ctx, http.MethodGet, "matcher/api/v1/internal/update_diff", query, nil, func(content io.Reader) error {
		found, err = anyAbout(json.NewDecoder(content), d)
		if err != nil {
			return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("decode Clair's answer: %w", err)}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("ask Clair what it knows of %s: %w", assemble.Describe(d.os()), err)
	}
	return found, nil
}

// anyAbout reads an object with a list "added" of vulnerabilities.
func anyAbout(decoder *json.Decoder, d distribution) (bool, error) {
	for {
		token, err := decoder.Token()
		if err != nil {
			return false, err
		}
		if token == "added" {
			break
		}
	}
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return false, err
	}
	for decoder.More() {
		var v vulnerability
		if err := decoder.Decode(&v); err != nil {
			return false, err
		}
		if v.Distribution != nil && v.Distribution.same(d) {
			return true, nil
		}
	}
	return false, nil
}
