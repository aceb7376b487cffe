package bot

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

// writeSafety says in one paragraph why merging is safe.
func writeSafety(b *strings.Builder, bump Bump) {
	proof := bump.Proof
	var facts []string
	if before, after := proof.Current[0].OS, proof.Next[0].OS; before.Name != "" && before == after {
		facts = append(facts, "same release ("+escape(after.Name)+")")
	} else if after.Name != "" {
		facts = append(facts, fmt.Sprintf("release %s → %s", escape(before.Name), escape(after.Name)))
	}
	facts = append(facts, packageFacts(proof.Diff))
	facts = append(facts, "built for "+escape(strings.Join(proof.Platforms, ", "))+" as before")
	if proof.From.Size > 0 && proof.To.Size > 0 {
		facts = append(facts, sizeFact(proof.From.Size, proof.To.Size))
	}
	fmt.Fprintf(b, "**Why this is safe to merge**: %s.\n\n", strings.Join(facts, "; "))
}

func sizeFact(from, to int64) string {
	percent := math.Round(1000*(float64(to)/float64(from)-1)) / 10
	if percent == 0 {
		return "same size"
	}
	return fmt.Sprintf("size %+.1f %%", percent)
}

func packageFacts(diff scan.Diff) string {
	change := func(n int) string {
		if n == 0 {
			return "none"
		}
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s updated, %s added, %s removed",
		plural(len(diff.Changed), "package", "packages"), change(len(diff.Added)), change(len(diff.Removed)))
}

// writePlaces names every reference, with the ARG that an edit goes to where it is not the line itself.
func writePlaces(b *strings.Builder, references []dockerfile.Reference) {
	where := make([]string, len(references))
	for i, r := range references {
		where[i] = code(fmt.Sprintf("%s:%d", r.File, r.Line))
		if line := owner(r); line != r.Line {
			where[i] += fmt.Sprintf(" (through line %d)", line)
		}
	}
	fmt.Fprintf(b, "**Where**: %s\n\n", strings.Join(where, ", "))
}

// owner is the line that an edit goes to.
func owner(r dockerfile.Reference) int {
	if len(r.Pieces) == 0 {
		return r.Line
	}
	return r.Pieces[len(r.Pieces)-1].Line
}

func writeFolds(b *strings.Builder, bump Bump) {
	diff := bump.Proof.Diff
	fold(b, fmt.Sprintf("%d fixed", scan.Count(bump.Fixed).Total()), func() {
		b.WriteString("| fixed | severity | package | was → is |\n|---|---|---|---|\n")
		for _, v := range bump.Fixed {
			writeRow(b, bump, v)
		}
	})
	writeOpen(b, "introduced", bump.Introduced)
	writeOpen(b, "remaining", bump.Remaining)
	fold(b, plural(len(diff.Changed)+len(diff.Added)+len(diff.Removed), "package", "packages"), func() {
		b.WriteString("| package | was | is |\n|---|---|---|\n")
		for _, c := range diff.Changed {
			fmt.Fprintf(b, "| %s | %s | %s |\n", escape(c.Name), escape(c.From), escape(c.To))
		}
		for _, p := range diff.Added {
			fmt.Fprintf(b, "| %s | | %s |\n", escape(p.Name), escape(p.Version))
		}
		for _, p := range diff.Removed {
			fmt.Fprintf(b, "| %s | %s | |\n", escape(p.Name), escape(p.Version))
		}
	})
	if len(bump.Rejected) > 0 {
		fold(b, "Not chosen", func() {
			for _, r := range bump.Rejected {
				fmt.Fprintf(b, "- %s %s: %s\n", code(r.Tag), code(short(r.Digest)+"…"), escape(strings.Join(r.Reasons, "; ")))
			}
		})
	}
}

func writeOpen(b *strings.Builder, what string, list []scan.Vulnerability) {
	if len(list) == 0 {
		return
	}
	fold(b, fmt.Sprintf("%d %s", scan.Count(list).Total(), what), func() { writeOpenRows(b, list) })
}

func writeOpenRows(b *strings.Builder, list []scan.Vulnerability) {
	b.WriteString("| id | severity | package | installed | fixed in |\n|---|---|---|---|---|\n")
	for _, v := range list {
		fixed := "no fix yet"
		if v.FixedIn != "" {
			fixed = escape(v.FixedIn)
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", escape(v.ID), v.Severity, escape(v.Package), escape(v.Installed), fixed)
	}
}

func fold(b *strings.Builder, summary string, content func()) {
	fmt.Fprintf(b, "<details><summary>%s</summary>\n\n", summary)
	content()
	b.WriteString("\n</details>\n\n")
}

func writeScanner(b *strings.Builder, proof *Proof) {
	next := proof.Next[0]
	fmt.Fprintf(b, "Scanned with %s %s, database of %s UTC; both images, %s.\n",
		escape(capital(next.Scanner.Name)), escape(next.Scanner.Version), next.DatabaseBuilt.UTC().Format("2006-01-02 15:04"),
		plural(len(proof.Platforms), "platform", "platforms"))
}

// worstByID keeps one row for each vulnerability, the first of a sorted list.
func worstByID(list []scan.Vulnerability) []scan.Vulnerability {
	var rows []scan.Vulnerability
	for _, v := range list {
		if !slices.ContainsFunc(rows, func(row scan.Vulnerability) bool { return row.ID == v.ID }) {
			rows = append(rows, v)
		}
	}
	return rows
}

// advisory is the advisory's address if it is a web address that cannot break out of a Markdown link.
func advisory(v scan.Vulnerability) string {
	address, err := url.Parse(v.URL)
	if err != nil || address.Scheme != "https" || strings.ContainsAny(v.URL, "()<>[]|\\ `\"'\r\n") {
		return ""
	}
	return address.String()
}
