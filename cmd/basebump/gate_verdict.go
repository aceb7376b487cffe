package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

// answer is what the gate says of an image, or of all of them. The worst comes first.
type answer string

const (
	gateFailed    answer = "failed"    // a vulnerability counts
	gateUnscanned answer = "unscanned" // nobody knows
	gatePassed    answer = "passed"
	gateLeft      answer = "left" // the policy leaves the image alone
)

func (a answer) rank() int {
	return slices.Index([]answer{gateFailed, gateUnscanned, gatePassed, gateLeft}, a)
}

// gated is what the gate found. It is the JSON of `basebump gate`.
type gated struct {
	Answer  answer               `json:"answer"`
	FailOn  scan.Severity        `json:"fail_on"`
	Images  []gatedImage         `json:"images"` // worst first
	Skipped []dockerfile.Skipped `json:"skipped"`
}

// gatedImage is one image in use.
type gatedImage struct {
	Answer answer `json:"answer"`
	Reason string `json:"reason,omitempty"` // why it is unscanned or left
	bot.Named
	Files     []bot.Place     `json:"files"`
	Platforms []string        `json:"platforms"`
	Failing   []vulnerability `json:"failing"` // at or above the threshold
	Below     []vulnerability `json:"below"`
	Ignored   []vulnerability `json:"ignored"` // whatever their severity

	scanner  scan.Tool
	database time.Time
}

// vulnerability is one advisory that matches one package, and where.
type vulnerability struct {
	scan.Vulnerability
	Platforms []string `json:"platforms"`
}

// add judges what one target uses.
func (g *gated) add(inventory bot.Inventory, now time.Time) {
	for _, image := range inventory.Images {
		ignored := func(id string) bool { return inventory.Policy.Accepts(image.Image, id, now) }
		g.Images = append(g.Images, judge(image, g.FailOn, ignored))
	}
	g.Skipped = append(g.Skipped, inventory.Skipped...)
}

func judge(image bot.InUse, failOn scan.Severity, ignored func(id string) bool) gatedImage {
	judged := gatedImage{
		Answer: gatePassed, Named: image.Named, Files: list(image.Files),
		Platforms: []string{}, Failing: []vulnerability{}, Below: []vulnerability{}, Ignored: []vulnerability{},
	}
	switch {
	case image.Left != "":
		judged.Answer, judged.Reason = gateLeft, image.Left
		return judged
	case image.Err != nil:
		judged.Answer, judged.Reason = gateUnscanned, fault.Text(image.Err)
		return judged
	}
	for _, report := range image.Reports {
		judged.Platforms = append(judged.Platforms, report.Platform)
		judged.scanner, judged.database = report.Scanner, report.DatabaseBuilt
	}
	for _, v := range onAnyPlatform(image.Reports) {
		switch {
		case ignored(v.ID):
			judged.Ignored = append(judged.Ignored, v)
		case v.Severity >= failOn:
			judged.Failing = append(judged.Failing, v)
			judged.Answer = gateFailed
		default:
			judged.Below = append(judged.Below, v)
		}
	}
	return judged
}

// onAnyPlatform joins what is the same on several platforms, in the order of scan.Sort.
func onAnyPlatform(reports []scan.Report) []vulnerability {
	type key struct {
		id, pkg, kind, installed string
		severity                 scan.Severity
	}
	var found []scan.Vulnerability
	platforms := map[key][]string{}
	of := func(v scan.Vulnerability) key { return key{v.ID, v.Package, v.Type, v.Installed, v.Severity} }
	for _, report := range reports {
		for _, v := range report.Vulnerabilities {
			known := platforms[of(v)]
			if known == nil {
				found = append(found, v)
			}
			if !slices.Contains(known, report.Platform) {
				platforms[of(v)] = append(known, report.Platform)
			}
		}
	}
	scan.Sort(found)
	joined := make([]vulnerability, len(found))
	for i, v := range found {
		joined[i] = vulnerability{v, platforms[of(v)]}
	}
	return joined
}

// settle orders the images and sums up: one that fails is a "no", whatever is not known of others.
func (g *gated) settle() {
	slices.SortStableFunc(g.Images, func(a, b gatedImage) int {
		return cmp.Or(cmp.Compare(a.Answer.rank(), b.Answer.rank()), compareCounts(counts(b.Failing), counts(a.Failing)),
			cmp.Compare(a.String(), b.String()))
	})
	g.Answer = gatePassed
	if len(g.Images) > 0 && g.Images[0].Answer.rank() < gatePassed.rank() {
		g.Answer = g.Images[0].Answer
	}
}

func compareCounts(a, b scan.Counts) int {
	for _, severity := range scan.Severities() {
		if order := cmp.Compare(a[severity], b[severity]); order != 0 {
			return order
		}
	}
	return 0
}

func counts(found []vulnerability) scan.Counts { return scan.Count(plainly(found)) }

func plainly(found []vulnerability) []scan.Vulnerability {
	bare := make([]scan.Vulnerability, len(found))
	for i, v := range found {
		bare[i] = v.Vulnerability
	}
	return bare
}
