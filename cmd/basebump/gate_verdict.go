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
	Scanners  []gatedScanner  `json:"scanners"` // in the configured order
	Platforms []string        `json:"platforms"`
	Failing   []vulnerability `json:"failing"` // at or above the threshold
	Below     []vulnerability `json:"below"`
	Ignored   []vulnerability `json:"ignored"` // whatever their severity; set aside by VEX, too
}

// vulnerability is one advisory that matches one package, and where.
type vulnerability struct {
	scan.Vulnerability
	Platforms []string `json:"platforms"`
	Why       string   `json:"why,omitempty"` // it does not count
}

// add judges what one target uses.
func (g *gated) add(inventory bot.Inventory, now time.Time) {
	for _, image := range inventory.Images {
		ignored := func(id string) (string, bool) { return inventory.Policy.Accepts(image.Image, id, now) }
		g.Images = append(g.Images, judge(image, g.FailOn, inventory.Policy.Agreement, ignored))
	}
	g.Skipped = append(g.Skipped, inventory.Skipped...)
}

func judge(image bot.InUse, failOn scan.Severity, agreement scan.Agreement, ignored func(id string) (why string, ok bool)) gatedImage {
	judged := gatedImage{
		Answer: gatePassed, Named: image.Named, Files: list(image.Files), Scanners: []gatedScanner{},
		Platforms: []string{}, Failing: []vulnerability{}, Below: []vulnerability{}, Ignored: []vulnerability{},
	}
	if image.Left != "" {
		judged.Answer, judged.Reason = gateLeft, image.Left
		return judged
	}
	if image.Err != nil {
		judged.Answer, judged.Reason = gateUnscanned, fault.Text(image.Err)
		return judged
	}
	opinions := make([]scan.Opinion, len(image.Surveys))
	for i, survey := range image.Surveys {
		alone := judged.sort(survey.Reports, failOn, ignored)
		opinions[i] = scan.Opinion{Accepted: len(alone.Failing) == 0, Err: survey.Err}
		judged.Scanners = append(judged.Scanners, gatedScannerOf(survey, opinions[i]))
	}
	deciding, err := agreement.Settle(opinions)
	if err != nil {
		judged.Answer, judged.Reason = gateUnscanned, judged.by(image.Surveys[deciding], err)
		return judged
	}
	reports := image.Surveys[deciding].Reports
	if !opinions[deciding].Accepted {
		judged.Answer = gateFailed
	}
	if cmp.Or(agreement, scan.All) == scan.All { // what any of them finds counts
		reports = bot.AllReports(image.Surveys)
	}
	for _, report := range reports {
		if !slices.Contains(judged.Platforms, report.Platform) {
			judged.Platforms = append(judged.Platforms, report.Platform)
		}
	}
	return judged.sort(reports, failOn, ignored)
}

// sort puts what was found where it belongs.
func (i gatedImage) sort(reports []scan.Report, failOn scan.Severity, ignored func(id string) (why string, ok bool)) gatedImage {
	for _, v := range onAnyPlatform(reports) {
		why, ok := ignored(v.ID)
		switch {
		case ok:
			v.Why = why
			i.Ignored = append(i.Ignored, v)
		case v.Severity >= failOn:
			i.Failing = append(i.Failing, v)
		default:
			i.Below = append(i.Below, v)
		}
	}
	i.Ignored = append(i.Ignored, setAside(reports)...)
	return i
}

// setAside joins what documents set aside on several platforms, or for several scanners.
func setAside(reports []scan.Report) []vulnerability {
	why := map[string]string{}
	bare := make([]scan.Report, len(reports))
	for i, report := range reports {
		bare[i].Platform = report.Platform
		for _, s := range report.SetAside {
			bare[i].Vulnerabilities = append(bare[i].Vulnerabilities, s.Vulnerability)
			why[s.ID] = s.Why
		}
	}
	joined := onAnyPlatform(bare)
	for i := range joined {
		joined[i].Why = why[joined[i].ID]
	}
	return joined
}

// onAnyPlatform joins what is the same on several platforms, or to several scanners, at its worst severity, in the order of scan.Sort.
func onAnyPlatform(reports []scan.Report) []vulnerability {
	type key struct{ id, pkg, installed string }
	index := map[key]int{}
	var found []vulnerability
	for _, report := range reports {
		for _, v := range report.Vulnerabilities {
			k := key{v.ID, v.Package, v.Installed}
			i, known := index[k]
			if !known {
				i, index[k] = len(found), len(found)
				found = append(found, vulnerability{Vulnerability: v})
			}
			one := &found[i]
			one.Severity = max(one.Severity, v.Severity)
			if !slices.Contains(one.Platforms, report.Platform) {
				one.Platforms = append(one.Platforms, report.Platform)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b vulnerability) int { return scan.Order(a.Vulnerability, b.Vulnerability) })
	return found
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
