package sarif

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

const (
	home      = "https://github.com/basebump/basebump"
	maxListed = 8 // packages named in one message

	exploitedTag = "known-exploited"
)

// Log is what Write writes.
type Log struct {
	Tool     scan.Tool   // basebump
	Scanners []scan.Used // that found it; none when nothing was scanned
	Results  []Result
	Failures []string // what could not be looked at; with one of them, no result does not mean clean
}

// Result is one vulnerability in one package on one platform of one image, at one place that names the image.
type Result struct {
	Image         string // as people read it: debian:12
	Platform      string
	File          string // relative to the root of the checkout, with slashes; empty where no file names the image
	Line          int    // from 1
	Vulnerability scan.Vulnerability
	Ignored       string // why it does not count; empty if it does
}

// Write writes a log with one rule for each vulnerability, and one result for each vulnerability, image and place: what it is in several
// packages or on several platforms is one thing to do.
func Write(w io.Writer, log Log) error {
	run := sarif.NewRunWithInformationURI(log.Tool.Name, home)
	run.Tool.Driver.WithVersion(log.Tool.Version)
	for _, used := range log.Scanners {
		run.Tool.Extensions = append(run.Tool.Extensions, scanner(used))
	}
	groups := group(log.Results)
	rules := map[string]int{}
	for _, all := range byID(log.Results) {
		rules[all[0].Vulnerability.ID] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.AddRule(rule(all))
	}
	for _, g := range groups {
		run.AddResult(g.result(rules[g.id]))
	}
	if len(log.Failures) > 0 {
		run.AddInvocation(failed(log.Failures))
	}
	if err := sarif.NewReport().AddRun(run).PrettyWrite(w); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return nil
}

func failed(reasons []string) *sarif.Invocation {
	notes := make([]*sarif.Notification, len(reasons))
	for i, reason := range reasons {
		notes[i] = sarif.NewNotification().WithLevel(sarif.LevelError).WithMessage(sarif.NewTextMessage(plain(reason)))
	}
	return sarif.NewInvocation().WithExecutionSuccessful(false).WithToolExecutionNotifications(notes)
}

func scanner(used scan.Used) *sarif.ToolComponent {
	component := sarif.NewToolComponent().WithName(used.Name).WithVersion(used.Version)
	if used.DatabaseBuilt.IsZero() {
		return component
	}
	return component.WithProperties(sarif.NewPropertyBag().Add("databaseBuilt", used.DatabaseBuilt.UTC().Format(time.RFC3339)))
}

// byID gathers the results about each vulnerability, the worst vulnerability first.
func byID(results []Result) [][]Result {
	index := map[string]int{}
	var all [][]Result
	for _, r := range results {
		i, ok := index[r.Vulnerability.ID]
		if !ok {
			i = len(all)
			index[r.Vulnerability.ID] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], r)
	}
	slices.SortFunc(all, func(a, b []Result) int {
		return cmp.Or(cmp.Compare(worst(b).Severity, worst(a).Severity), cmp.Compare(a[0].Vulnerability.ID, b[0].Vulnerability.ID))
	})
	return all
}

// worst sums up results about one vulnerability: the highest that any of them says.
func worst(results []Result) scan.Vulnerability {
	var sum scan.Vulnerability
	for _, r := range results {
		v := r.Vulnerability
		sum.ID, sum.URL = v.ID, cmp.Or(sum.URL, v.URL)
		sum.Severity, sum.CVSS, sum.EPSS = max(sum.Severity, v.Severity), max(sum.CVSS, v.CVSS), max(sum.EPSS, v.EPSS)
		sum.KnownExploited = sum.KnownExploited || v.KnownExploited
	}
	return sum
}

func rule(results []Result) *sarif.ReportingDescriptor {
	v := worst(results)
	properties := sarif.NewPropertyBag().Add("security-severity", grade(v)).WithTags([]string{"security", "vulnerability", v.Severity.String()})
	facts := []string{"Severity: " + v.Severity.String()}
	if v.CVSS > 0 {
		facts = append(facts, fmt.Sprintf("CVSS: %.1f", v.CVSS))
	}
	if v.EPSS > 0 {
		facts = append(facts, fmt.Sprintf("EPSS: %.1f %%", 100*v.EPSS))
	}
	if v.KnownExploited {
		facts = append(facts, "Known to be exploited")
		properties.AddTag(exploitedTag)
	}
	r := sarif.NewRule(v.ID).
		WithShortDescription(sarif.NewMultiformatMessageString().WithText(fmt.Sprintf("%s (%s)", plain(v.ID), v.Severity))).
		WithHelp(sarif.NewMultiformatMessageString().WithText(strings.Join(facts, "\n"))).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level(v.Severity))).
		WithProperties(properties)
	if isLink(v.URL) {
		r.WithHelpURI(v.URL)
	}
	return r
}

// isLink keeps what an advisory calls an address from being a script, or no address at all.
func isLink(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func level(severity scan.Severity) string {
	switch severity {
	case scan.Critical, scan.High:
		return sarif.LevelError
	case scan.Medium:
		return sarif.LevelWarning
	}
	return sarif.LevelNote
}

// grade is the number by which code hosts sort: the CVSS score where it lies in the band of the vendor's severity, which comes first, and a
// number of that band otherwise.
func grade(v scan.Vulnerability) string {
	bands := map[scan.Severity]struct{ from, to, typical float64 }{
		scan.Critical: {9, 10, 9.5}, scan.High: {7, 8.9, 8}, scan.Medium: {4, 6.9, 5.5}, scan.Low: {0.1, 3.9, 2}, scan.Negligible: {0.1, 0.1, 0.1},
	}
	band := bands[v.Severity]
	if v.CVSS >= band.from && v.CVSS <= band.to {
		return fmt.Sprintf("%.1f", v.CVSS)
	}
	return fmt.Sprintf("%.1f", band.typical)
}

func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// plain keeps a text from being read as a link or a placeholder of SARIF's messages.
func plain(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}")
