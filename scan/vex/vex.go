// Package vex sets vulnerabilities aside that an OpenVEX document says do not affect an image, or are fixed in it.
//
// It performs no I/O. It is strict: a document of another version, or with a statement that OpenVEX does not allow, is refused as a
// whole, and whatever in a product or a subcomponent cannot be held against the image or its package makes the statement one about
// something else. Match says what is compared.
package vex

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	openvex "github.com/openvex/go-vex/pkg/vex"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// maxStatements of one document are more than any distribution has written in one.
const maxStatements = 100_000

// Document is an OpenVEX document. Statements are found by the vulnerability that they are about.
type Document struct {
	Name string // for people: its file, or the image that it is attached to

	statements map[string][]statement
}

// statement is one with the time from which it holds.
type statement struct {
	openvex.Statement
	since time.Time
}

// Parse reads an OpenVEX 0.2.0 document, JSON.
func Parse(name string, data []byte) (Document, error) {
	parsed, err := openvex.Parse(data)
	if err != nil {
		return Document{}, refused(name, err)
	}
	if parsed.Context != openvex.ContextLocator() {
		return Document{}, refused(name, fmt.Errorf("its @context is %q, not %q", parsed.Context, openvex.ContextLocator()))
	}
	if len(parsed.Statements) > maxStatements {
		return Document{}, refused(name, fmt.Errorf("it has more than %d statements", maxStatements))
	}
	d := Document{Name: name, statements: map[string][]statement{}}
	for i, s := range parsed.Statements {
		if err := check(s); err != nil {
			return Document{}, refused(name, fmt.Errorf("statement %d: %w", i+1, err))
		}
		one := statement{s, since(parsed.Metadata, s)}
		for _, id := range identifiers(s.Vulnerability) {
			d.statements[id] = append(d.statements[id], one)
		}
	}
	return d, nil
}

func refused(name string, err error) error {
	return &fault.Error{
		Op: "read VEX document", Target: name, Class: fault.Permanent, Err: err, Hint: "only OpenVEX 0.2.0 in JSON is understood",
	}
}

func check(s openvex.Statement) error {
	switch {
	case len(identifiers(s.Vulnerability)) == 0:
		return errors.New("it names no vulnerability")
	case len(s.Products) == 0:
		return errors.New("it names no product")
	}
	return s.Validate()
}

func identifiers(v openvex.Vulnerability) []string {
	ids := []string{string(v.Name), v.ID}
	for _, alias := range v.Aliases {
		ids = append(ids, string(alias))
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}

// since is when a statement was last said; one without a time of its own is as old as its document.
func since(m openvex.Metadata, s openvex.Statement) time.Time {
	for _, at := range []*time.Time{s.LastUpdated, s.Timestamp, m.Timestamp} {
		if at != nil {
			return *at
		}
	}
	return time.Time{}
}

// Documents are asked together: of all that is said of a vulnerability in a package of an image, the newest counts, and of what is said
// at the same time that which sets nothing aside.
type Documents []Document

// Apply moves what the documents set aside from the report's vulnerabilities to those set aside.
func (d Documents) Apply(subject Subject, report scan.Report) scan.Report {
	if len(d) == 0 {
		return report
	}
	about := newMatcher(subject, report)
	counts := []scan.Vulnerability{}
	for _, v := range report.Vulnerabilities {
		why, aside := d.setAside(about, v)
		if !aside {
			counts = append(counts, v)
			continue
		}
		report.SetAside = append(slices.Clip(report.SetAside), scan.SetAside{Vulnerability: v, Why: why})
	}
	report.Vulnerabilities = counts
	return report
}

func (d Documents) setAside(about matcher, v scan.Vulnerability) (why string, ok bool) {
	var newest *statement
	for _, document := range d {
		for _, id := range append([]string{v.ID}, v.Aliases...) {
			for i, s := range document.statements[id] {
				if about.match(s.Products, v) && (newest == nil || newest.yields(s)) {
					newest = &document.statements[id][i]
				}
			}
		}
	}
	if newest == nil || !newest.clears() {
		return "", false
	}
	return "set aside by VEX: " + newest.reason(), true
}

func (s *statement) clears() bool {
	return s.Status == openvex.StatusNotAffected || s.Status == openvex.StatusFixed
}

// yields says whether another statement about the same thing counts instead.
func (s *statement) yields(other statement) bool {
	return other.since.After(s.since) || other.since.Equal(s.since) && !other.clears()
}

// reason is the justification in words.
func (s *statement) reason() string {
	if s.Status == openvex.StatusFixed {
		return "fixed"
	}
	return cmp.Or(strings.ReplaceAll(string(s.Justification), "_", " "), s.ImpactStatement)
}
