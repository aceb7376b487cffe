package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// scanned is the JSON of `basebump scan IMAGE`.
type scanned struct {
	Image   string        `json:"image"`
	Tag     string        `json:"tag"`
	Digest  string        `json:"digest"`
	Reports []scan.Report `json:"reports"` // one for each platform

	Signing *scan.Signing `json:"signing,omitempty"` // absent where the policy does not care
}

// compared is the JSON of `basebump scan IMAGE CANDIDATE`.
type compared struct {
	From       bot.Named            `json:"from"`
	To         bot.Named            `json:"to"`
	Platforms  []string             `json:"platforms"`
	Verdict    scan.Verdict         `json:"verdict"`
	Fixed      []scan.Vulnerability `json:"fixed"`
	Introduced []scan.Vulnerability `json:"introduced"`
	Remaining  []scan.Vulnerability `json:"remaining"`
	SetAside   []scan.SetAside      `json:"set_aside,omitempty"` // by VEX, of the second
	Ignored    map[string]string    `json:"ignored,omitempty"`   // why some of these do not count, by their ids
	Packages   packageChanges       `json:"packages"`
	Signature  string               `json:"signature,omitempty"` // who signed the second; empty where that plays no part
	Scanner    scan.Tool            `json:"scanner"`             // whose findings these are
	Database   time.Time            `json:"database_built"`
	Scanners   []bot.Said           `json:"scanners"` // what each says, that one first
}

type packageChanges struct {
	Added   []scan.Package       `json:"added"`
	Removed []scan.Package       `json:"removed"`
	Changed []scan.PackageChange `json:"changed"`
}

func printReports(w io.Writer, output string, image bot.Named, reports []scan.Report, signing *scan.Signing) error {
	switch output {
	case "json":
		return writeJSON(w, scanned{Image: image.Image, Tag: image.Tag, Digest: image.Digest, Reports: reports, Signing: signing})
	case "markdown":
		return writeString(w, bot.ReportMarkdown(image, reports))
	case "sarif":
		return writeSARIF(w, reportsLog(image, reports))
	}
	for _, report := range reports {
		fmt.Fprintf(w, "  %s@%s   %s   %s   %s%s\n\n", clean(bot.ShortName(image.Image)), bot.ShortDigest(image.Digest), report.Platform,
			clean(report.OS.Name), count(len(report.Packages), "package"), readFrom([]scan.Report{report}))
		writeColumns(w, append(vulnerabilityRows(w, report.Vulnerabilities), asideRows(w, report.SetAside)...))
		fmt.Fprintf(w, "\n  %s%s. %s\n", vulnerabilities(scan.Count(report.Vulnerabilities)), matches(report.Vulnerabilities), scannedWith(scan.UsedFor([]scan.Report{report})))
	}
	if signing != nil {
		fmt.Fprintf(w, "  %s\n", clean(capital(signing.String())))
	}
	return nil
}

// readFrom says where lists of packages come from, unless they come from where one would think.
func readFrom(reports []scan.Report) string {
	if slices.ContainsFunc(reports, func(r scan.Report) bool { return r.PackagesFrom == scan.FromSBOM }) {
		return ", by its bill of materials"
	}
	return ""
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func printProof(w io.Writer, output string, images []bot.Named, proof *bot.Proof) error {
	switch output {
	case "json":
		return writeJSON(w, comparison(images, proof))
	case "markdown":
		return writeString(w, bot.ProofMarkdown(images[0], images[1], proof))
	case "sarif":
		return writeSARIF(w, reportsLog(images[1], proof.Next))
	}
	fmt.Fprintf(w, "  %s%s → %s%s   %s\n\n", clean(title(images[0])), readFrom(proof.Current), clean(title(images[1])), readFrom(proof.Next),
		clean(strings.Join(proof.Platforms, ", ")))
	for _, part := range []struct {
		name string
		list []scan.Vulnerability
	}{{"fixed", proof.Diff.Fixed}, {"introduced", proof.Diff.Introduced}, {"remaining", proof.Diff.Remaining}} {
		fmt.Fprintf(w, "  %s: %s%s\n", part.name, vulnerabilities(scan.Count(part.list)), matches(part.list))
		rows := vulnerabilityRows(w, part.list)
		for i, v := range part.list {
			if why, ok := proof.Ignored[v.ID]; ok {
				rows[i][len(rows[i])-1] = clean(why)
			}
		}
		writeColumns(w, rows)
		fmt.Fprintln(w)
	}
	if aside := proof.Diff.SetAside; len(aside) > 0 {
		fmt.Fprintf(w, "  set aside: %d\n", len(aside))
		writeColumns(w, asideRows(w, aside))
		fmt.Fprintln(w)
	}
	d := proof.Diff
	fmt.Fprintf(w, "  packages: %d updated, %d added, %d removed\n", len(d.Changed), len(d.Added), len(d.Removed))
	answer := painter(w).in(red, "rejected")
	if proof.Verdict.Accepted {
		answer = painter(w).in(green, "accepted")
	}
	fmt.Fprintf(w, "  %s: %s\n  %s\n", answer, clean(strings.Join(proof.Verdict.Reasons, "; ")), scannedWith(proof.Used()))
	return nil
}

func comparison(images []bot.Named, proof *bot.Proof) compared {
	c := compared{
		From: images[0], To: images[1], Platforms: proof.Platforms, Verdict: proof.Verdict,
		Fixed: list(proof.Diff.Fixed), Introduced: list(proof.Diff.Introduced), Remaining: list(proof.Diff.Remaining),
		SetAside: proof.Diff.SetAside, Ignored: proof.Ignored,
		Signature: proof.Signature,
		Packages:  packageChanges{Added: list(proof.Diff.Added), Removed: list(proof.Diff.Removed), Changed: list(proof.Diff.Changed)},
	}
	c.Scanners = proof.Said()
	if len(proof.Next) > 0 {
		c.Scanner, c.Database = proof.Next[0].Scanner, proof.Next[0].DatabaseBuilt
	}
	return c
}

// list keeps an empty list a list in JSON.
func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

func vulnerabilityRows(w io.Writer, found []scan.Vulnerability) [][]string {
	p := painter(w)
	var rows [][]string
	for _, v := range found {
		fixed := "no fix yet"
		if v.FixedIn != "" {
			fixed = "fixed in " + v.FixedIn
		}
		if v.KnownExploited {
			fixed += ", known exploited"
		}
		rows = append(rows, []string{clean(v.ID), shade(p, v.Severity), clean(v.Package), clean(v.Installed), clean(fixed)})
	}
	return rows
}

// asideRows are vulnerabilities that a VEX document sets aside, and why.
func asideRows(w io.Writer, aside []scan.SetAside) [][]string {
	rows := make([][]string, len(aside))
	for i, s := range aside {
		rows[i] = vulnerabilityRows(w, []scan.Vulnerability{s.Vulnerability})[0]
		rows[i][len(rows[i])-1] = clean(s.Why)
	}
	return rows
}

func shade(p paint, severity scan.Severity) string {
	switch {
	case severity >= scan.High:
		return p.in(red, severity.String())
	case severity == scan.Medium:
		return p.in(yellow, severity.String())
	}
	return severity.String()
}

func vulnerabilities(counts scan.Counts) string {
	if counts.Total() == 0 {
		return "no known vulnerability"
	}
	if counts.Total() == 1 {
		return "1 vulnerability" + strings.TrimPrefix(counts.Phrase(), "1")
	}
	head, grave, found := strings.Cut(counts.Phrase(), " ")
	if !found {
		return head + " vulnerabilities"
	}
	return head + " vulnerabilities " + grave
}

// matches adds how many packages the vulnerabilities are in, where that is another number.
func matches(found []scan.Vulnerability) string {
	if len(found) == scan.Count(found).Total() {
		return ""
	}
	return fmt.Sprintf(", %d matches in packages", len(found))
}

func scannedWith(used []scan.Used) string {
	words := make([]string, len(used))
	for i, u := range used {
		words[i] = clean(u.Name + " " + u.Version)
		if !u.DatabaseBuilt.IsZero() {
			words[i] += ", database of " + u.DatabaseBuilt.UTC().Format("2006-01-02 15:04 UTC")
		}
	}
	return "Scanned with " + strings.Join(words, "; ") + "."
}

func writeString(w io.Writer, text string) error {
	_, err := io.WriteString(w, text)
	return err
}
