package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// printGate prints what the gate found, and writes it as SARIF where that is asked for.
func (g *globals) printGate(result gated, output, sarifFile string) error {
	out := g.out
	switch sarifFile {
	case "":
	case "-":
		out = g.err
		if err := writeSARIF(g.out, result.sarif()); err != nil {
			return err
		}
	default:
		var log bytes.Buffer
		if err := writeSARIF(&log, result.sarif()); err != nil {
			return err
		}
		if err := os.WriteFile(sarifFile, log.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write SARIF: %w", err)
		}
	}
	switch output {
	case "json":
		return writeJSON(out, result)
	case "markdown":
		return writeString(out, result.markdown())
	}
	result.table(out)
	return nil
}

// table prints a block for each image and what they come to.
func (g gated) table(w io.Writer) {
	p := painter(w)
	for _, image := range g.Images {
		image.block(w, p, g.FailOn)
	}
	if len(g.Images) == 0 {
		fmt.Fprintln(w, "  Nothing here names an image.")
	}
	fmt.Fprintf(w, "\n  %s", g.conclusion(p))
	if n := len(g.Skipped); n > 0 {
		fmt.Fprintf(w, " %s skipped; `basebump extract` says why.", count(n, "line"))
	}
	if used := g.used(); len(used) > 0 {
		fmt.Fprintf(w, "\n  %s", scannedWith(used))
	}
	fmt.Fprintln(w)
}

// markdown is the same for the summary of a CI job.
func (g gated) markdown() string {
	images := make([]bot.Gated, len(g.Images))
	for n, image := range g.Images {
		images[n] = bot.Gated{Named: image.Named, Mark: image.mark(false), Words: image.words(g.FailOn), Files: image.Files, Failing: plainly(image.Failing)}
	}
	return bot.GateMarkdown(g.conclusion(false), images, g.used())
}

func (i gatedImage) block(w io.Writer, p paint, failOn scan.Severity) {
	head := []string{i.mark(p) + " " + clean(title(i.Named)), clean(i.words(failOn))}
	if len(i.Files) > 0 {
		head = append(head, clean(where(i.Files)))
	}
	writeColumns(w, [][]string{head})
	rows := vulnerabilityRows(w, plainly(i.Failing))
	for r := range rows {
		rows[r][0] = "    " + rows[r][0]
	}
	writeColumns(w, rows)
}

func (i gatedImage) mark(p paint) string {
	switch i.Answer {
	case gateFailed:
		return p.in(red, "✗")
	case gateUnscanned:
		return p.in(red, "!")
	case gateLeft:
		return p.in(dim, "·")
	}
	return p.in(green, "✓")
}

// title is an image with as much of its digest as tells builds apart.
func title(i bot.Named) string {
	name := bot.ShortName(i.Image)
	if i.Tag != "" {
		name += ":" + i.Tag
	}
	if i.Digest != "" {
		name += "@" + bot.ShortDigest(i.Digest)
	}
	return name
}

func (i gatedImage) words(failOn scan.Severity) string {
	switch i.Answer {
	case gateUnscanned:
		return "not scanned: " + i.Reason
	case gateLeft:
		return i.Reason
	case gateFailed:
		return "fails: " + strings.Join(append([]string{vulnerabilities(counts(i.Failing))}, i.rest()...), ", ")
	}
	return "passes: " + strings.Join(append([]string{"nothing " + orAbove(failOn)}, i.rest()...), ", ")
}

// rest counts what does not fail an image, and says what else is to be known.
func (i gatedImage) rest() []string {
	var phrases []string
	if n := counts(i.Below).Total(); n > 0 {
		phrases = append(phrases, fmt.Sprintf("%d below", n))
	}
	if n := counts(i.Ignored).Total(); n > 0 {
		phrases = append(phrases, fmt.Sprintf("%d ignored", n))
	}
	for _, s := range i.Scanners { // whose word was not needed
		if s.Answer == gateUnscanned {
			phrases = append(phrases, fmt.Sprintf("not scanned by %s (%s)", s.Scanner, s.Reason))
		}
	}
	return phrases
}

func (g gated) conclusion(p paint) string {
	of := map[answer]int{}
	for _, image := range g.Images {
		of[image.Answer]++
	}
	all := count(len(g.Images), "image")
	unknown := ""
	if of[gateUnscanned] > 0 {
		unknown = fmt.Sprintf("%d of %s could not be scanned", of[gateUnscanned], all)
	}
	switch g.Answer {
	case gateFailed:
		text := fmt.Sprintf("%s: %d of %s with vulnerabilities %s.", p.in(red, "Failed"), of[gateFailed], all, orAbove(g.FailOn))
		if unknown != "" {
			text += " " + unknown + "."
		}
		return text
	case gateUnscanned:
		if of[gateUnscanned] == len(g.Images) {
			return fmt.Sprintf("%s: %s.", p.in(red, "Not known"), unknown)
		}
		return fmt.Sprintf("%s: %s; nothing %s in the others.", p.in(red, "Not known"), unknown, orAbove(g.FailOn))
	}
	return fmt.Sprintf("%s: nothing %s in %s.", p.in(green, "Passed"), orAbove(g.FailOn), all)
}

func orAbove(severity scan.Severity) string { return "at or above " + severity.String() }

func where(files []bot.Place) string {
	places := make([]string, len(files))
	for i, place := range files {
		places[i] = fmt.Sprintf("%s:%d", place.File, place.Line)
	}
	return strings.Join(places, ", ")
}
