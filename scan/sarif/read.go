// Package sarif reads what a scanner says in SARIF 2.1.0, and writes findings as SARIF 2.1.0 for code hosts to show beside the lines that
// name an image. It performs no I/O but on the writer that it is given.
//
// SARIF has no place for packages, so scanners put them where they like. Read knows the habits of Trivy, Grype, Snyk and Docker Scout.
package sarif

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// Read returns the vulnerabilities in a log, and the tool that wrote it. SARIF tells neither the image's operating system nor its
// packages, nor which data the tool used.
//
// A log in which no run has a list of results, or in which a run says that it failed, is an error: an empty list means that nothing was
// found, a missing one that nothing was looked for.
func Read(data []byte) (scan.Report, error) {
	var log sarif.Report
	if err := json.Unmarshal(data, &log); err != nil {
		return scan.Report{}, assemble.Permanent("decode SARIF: %w", err)
	}
	if log.Version != "2.1.0" {
		return scan.Report{}, assemble.Permanent("decode SARIF: it is of version %q, not 2.1.0", log.Version)
	}
	var found scan.Report
	looked := false
	for _, run := range log.Runs {
		if run == nil || run.Tool == nil || run.Tool.Driver == nil {
			return scan.Report{}, assemble.Permanent("decode SARIF: a run does not say which tool it is of")
		}
		if err := succeeded(run); err != nil {
			return scan.Report{}, assemble.Permanent("the scanner says that it failed: %w", err)
		}
		found.Scanner = toolOf(run.Tool.Driver)
		looked = looked || run.Results != nil
		rules := rulesOf(run.Tool)
		for _, result := range run.Results {
			if result != nil && counts(result) {
				found.Vulnerabilities = append(found.Vulnerabilities, rules.read(result)...)
			}
		}
	}
	if !looked {
		return scan.Report{}, assemble.Permanent("the scanner's SARIF has no results, not even an empty list of them: it did not look for any")
	}
	return found, nil
}

func succeeded(run *sarif.Run) error {
	for _, invocation := range run.Invocations {
		if invocation == nil {
			continue
		}
		for _, n := range slices.Concat(invocation.ToolExecutionNotifications, invocation.ToolConfigurationNotifications) {
			if n != nil && n.Level == sarif.LevelError {
				return errors.New(said(n))
			}
		}
		if ok := invocation.ExecutionSuccessful; ok != nil && !*ok {
			return errors.New("it does not say why")
		}
	}
	return nil
}

func said(n *sarif.Notification) string {
	if n.Message == nil {
		return "it does not say why"
	}
	return text(n.Message.Text)
}

func toolOf(driver *sarif.ToolComponent) scan.Tool {
	t := scan.Tool{Name: strings.ToLower(text(driver.Name)), Version: text(driver.Version)}
	if t.Version == "" {
		t.Version = text(driver.SemanticVersion)
	}
	return t
}

// counts tells whether a result is a problem that is there: not one that passed, was suppressed, or is gone since an earlier run.
func counts(result *sarif.Result) bool {
	if result.Kind != "" && result.Kind != "fail" && result.Kind != "review" && result.Kind != "open" {
		return false
	}
	if text(result.BaselineState) == "absent" {
		return false
	}
	return !slices.ContainsFunc(result.Suppressions, func(s *sarif.Suppression) bool {
		return s != nil && (text(s.Status) == "" || text(s.Status) == "accepted")
	})
}

// rules are a run's rules by their ids.
type rules map[string]*sarif.ReportingDescriptor

func rulesOf(tool *sarif.Tool) rules {
	all := rules{}
	for _, component := range append([]*sarif.ToolComponent{tool.Driver}, tool.Extensions...) {
		if component == nil {
			continue
		}
		for _, rule := range component.Rules {
			if rule != nil {
				all[text(rule.ID)] = rule
			}
		}
	}
	return all
}

// read returns what a result says: one vulnerability for each CVE and package in it.
func (r rules) read(result *sarif.Result) []scan.Vulnerability {
	id := text(result.RuleID)
	if id == "" && result.Rule != nil {
		id = text(result.Rule.ID)
	}
	rule := r[id]
	if rule == nil {
		rule = &sarif.ReportingDescriptor{}
	}
	f := newFinding(result, rule)
	ids, aliases := assemble.Identify(id, f.summary)
	var all []scan.Vulnerability
	for _, p := range f.packages() {
		for _, name := range ids {
			all = append(all, scan.Vulnerability{
				ID: name, Aliases: aliases, Severity: f.severity(), Package: p.Name, Type: p.Type, Installed: p.Version,
				FixedIn: f.fixed(), URL: text(rule.HelpURI), CVSS: f.cvss(), EPSS: f.epss(), KnownExploited: slices.Contains(f.tags, exploitedTag),
			})
		}
	}
	return all
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func textOf(m *sarif.MultiformatMessageString) string {
	if m == nil {
		return ""
	}
	return text(m.Text)
}
