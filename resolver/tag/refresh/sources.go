package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/basebump/basebump/resolver/tag"
	"go.yaml.in/yaml/v3"
)

// oldest is how long ago a line may have ended: nobody asks about those from before.
const oldest = "2016"

func forgotten(line tag.Line) bool { return line.EOL != "" && line.EOL < oldest }

// endOfLife reads the front matter of a product's page at endoflife.date.
func endOfLife(path string) ([]tag.Line, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	_, rest, _ := bytes.Cut(raw, []byte("---\n"))
	front, _, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, errors.New("no front matter")
	}
	var page struct {
		Releases []struct {
			Cycle    string `yaml:"releaseCycle"`
			Released day    `yaml:"releaseDate"`
			LTS      day    `yaml:"lts"`
			EOL      day    `yaml:"eol"`
		} `yaml:"releases"`
	}
	if err := yaml.Unmarshal(front, &page); err != nil {
		return nil, err
	}
	var lines []tag.Line
	for _, r := range page.Releases {
		line := tag.Line{Line: r.Cycle, Released: r.Released.on, LTS: r.LTS.or(r.Released.on), EOL: r.EOL.or(r.Released.on)}
		if !forgotten(line) {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// day is a date, or whether something holds at all.
type day struct {
	on  string
	yes bool
}

func (d *day) UnmarshalYAML(node *yaml.Node) error {
	if node.Tag == "!!bool" {
		return node.Decode(&d.yes)
	}
	d.on = node.Value
	_, err := time.Parse(time.DateOnly, d.on)
	return err
}

func (d day) or(since string) string {
	if d.yes {
		return since
	}
	return d.on
}

// distroInfo reads Debian's table of its own releases or of Ubuntu's. Debian's lines end with their long-term support, Ubuntu's with
// the support that everybody has.
func distroInfo(path string) ([]tag.Line, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	reader := csv.NewReader(bytes.NewReader(raw))
	reader.FieldsPerRecord = -1 // dates at the end of a row may be missing
	rows, err := reader.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("empty table")
	}
	var lines []tag.Line
	for _, row := range rows[1:] {
		value := func(column string) string {
			for i, name := range rows[0] {
				if name == column && i < len(row) {
					return row[i]
				}
			}
			return ""
		}
		version, longTerm := strings.CutSuffix(value("version"), " LTS")
		line := tag.Line{Line: version, Codename: value("series"), Released: value("release"), EOL: value("eol")}
		if lts := value("eol-lts"); lts != "" {
			line.EOL = lts
		}
		if longTerm {
			line.LTS = line.Released
		}
		if line.Codename == "" {
			return nil, fmt.Errorf("row %q has no codename", row)
		}
		if version != "" && !forgotten(line) {
			lines = append(lines, line)
		}
	}
	return lines, nil
}
