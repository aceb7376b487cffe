package tag

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

//go:embed lines.json
var linesJSON []byte

// Data is what is known of products: their release lines, how long each is kept, and where images have moved. It is read-only.
type Data struct {
	Sources  []Source   `json:"sources"`
	Products []*Product `json:"products"`
	Moved    []Moved    `json:"moved"`

	codenames map[string]*Product
	words     map[string]*Product
	byName    map[string]*Product
}

// Source is where some of the data comes from.
type Source struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	License  string `json:"license,omitempty"`
	Date     string `json:"date"` // or version
	Products string `json:"products"`
}

// Product is something whose tags follow release lines.
type Product struct {
	Name   string   `json:"name"`
	Source string   `json:"source,omitempty"` // what its lines are renewed from: a source's name, and a page or table there
	Title  string   `json:"title"`            // for people
	Images []string `json:"images"`           // repositories that are tagged by its version, without their host
	Words  []string `json:"words,omitempty"`  // that stand before its version in tags of others
	Lines  []Line   `json:"lines,omitempty"`  // newest first
}

// Line is a release line. Its dates are days, empty where they are unknown or have not come.
type Line struct {
	Line     string `json:"line"` // "12", "24.04"
	Codename string `json:"codename,omitempty"`
	Released string `json:"released,omitempty"`
	LTS      string `json:"lts,omitempty"` // since when it is a long-term line
	EOL      string `json:"eol,omitempty"` // after which it is no longer kept
}

// Moved is an image, or all below a path, that lives on elsewhere or not at all.
type Moved struct {
	From   string `json:"from"`
	To     string `json:"to,omitempty"` // empty: nowhere, or to several places, which the reason names
	Why    string `json:"why"`
	Source string `json:"source"` // who says so: URLs, or REPOSITORY:PATH on GitHub
	Date   string `json:"date"`   // of what the source says
}

// Builtin returns the data that came with this build.
var Builtin = sync.OnceValue(func() *Data {
	data, err := ReadData(linesJSON)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return data
})

// ReadData reads a data file.
func ReadData(raw []byte) (*Data, error) {
	d := &Data{codenames: map[string]*Product{}, words: map[string]*Product{}, byName: map[string]*Product{}}
	if err := json.Unmarshal(raw, d); err != nil {
		return nil, fmt.Errorf("read release data: %w", err)
	}
	for _, p := range d.Products {
		d.byName[p.Name] = p
		for _, word := range p.Words {
			d.words[word] = p
		}
		for _, line := range p.Lines {
			if line.Codename != "" {
				d.codenames[line.Codename] = p
			}
			for _, day := range []string{line.Released, line.LTS, line.EOL} {
				if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
					return nil, fmt.Errorf("read release data: %s %s: %w", p.Name, line.Line, err)
				}
			}
		}
	}
	return d, nil
}

// distroName brings the words for one distribution together.
func (d *Data) distroName(word string) string {
	if p := d.words[word]; p != nil {
		return p.Name
	}
	return word
}

// product returns whose version the tag's main part is, or nil.
func (d *Data) product(image string, t *parsed) *Product {
	if t.main < 0 {
		return nil
	}
	switch p := t.parts[t.main]; p.kind {
	case distro:
		return d.byName[p.name]
	case named:
		return d.words[p.name]
	case version, build, date, hash, literal:
	}
	for _, p := range d.Products {
		for _, name := range p.Images {
			if isImage(image, name) {
				return p
			}
		}
	}
	return nil
}

// isImage says whether a repository is the named one, or a copy of it: at a mirror, or at the root of some registry.
func isImage(image, name string) bool {
	_, path, _ := strings.Cut(image, "/")
	return strings.HasSuffix("/"+path, "/"+name) || strings.HasSuffix("/"+name, "/"+path)
}

// line returns the line that a version or codename belongs to, or nil.
func (p *Product) line(text string) *Line {
	if p == nil {
		return nil
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		if text == l.Codename || text == l.Line || strings.HasPrefix(text, l.Line) && (text[len(l.Line)] == '.' || text[len(l.Line)] == 'u') {
			return l
		}
	}
	return nil
}

// The day is given as 2026-11-23: days compare as text.
func (l *Line) released(today string) bool { return l.Released != "" && l.Released <= today }
func (l *Line) lts(today string) bool      { return l.LTS != "" && l.LTS <= today }
func (l *Line) ended(today string) bool    { return l.EOL != "" && l.EOL < today }
