package sarif

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// finding is what may be read out of one result and its rule.
type finding struct {
	summary string            // the rule in a sentence
	said    map[string]string // lines such as "Fixed Version: 1.2", of the result before those of its rule
	level   string
	logical string // the innermost logical location
	tags    []string
	known   map[string]any // properties of the result before those of its rule
}

func newFinding(result *sarif.Result, rule *sarif.ReportingDescriptor) finding {
	f := finding{summary: textOf(rule.ShortDescription), said: map[string]string{}, level: result.Level, known: map[string]any{}}
	if f.level == "" && rule.DefaultConfiguration != nil {
		f.level = rule.DefaultConfiguration.Level
	}
	if result.Message != nil {
		f.hear(text(result.Message.Text))
	}
	f.hear(textOf(rule.Help))
	for _, properties := range []*sarif.PropertyBag{result.Properties, rule.Properties} {
		if properties == nil {
			continue
		}
		f.tags = append(f.tags, properties.Tags...)
		for key, value := range properties.Properties {
			if _, ok := f.known[key]; !ok {
				f.known[key] = value
			}
		}
	}
	for _, location := range result.Locations {
		if location == nil {
			continue
		}
		for _, logical := range location.LogicalLocations {
			if logical != nil && f.logical == "" {
				f.logical = text(logical.FullyQualifiedName)
			}
		}
	}
	return f
}

// hear takes in lines of the form "Key: value". What was said before stands.
func (f finding) hear(words string) {
	for line := range strings.Lines(words) {
		key, value, ok := strings.Cut(line, ":")
		key = strings.ToLower(strings.TrimSpace(key))
		if _, known := f.said[key]; ok && !known {
			f.said[key] = strings.TrimSpace(value)
		}
	}
}

func (f finding) say(keys ...string) string {
	for _, key := range keys {
		if value := f.said[key]; value != "" {
			return value
		}
	}
	return ""
}

// coordinate is a package as Snyk has it in a logical location: openssl/libssl3@3.0.20-1, the source before the binary package.
var coordinate = regexp.MustCompile(`^(?:[^\s@]+/)?([^\s@/]+)@([^\s@]+)$`)

// packages are those that the result is about; one without a name if it tells none.
func (f finding) packages() []scan.Package {
	named := f.say("package", "pkgname")
	if p, ok := assemble.Package(named); ok {
		return []scan.Package{p}
	}
	fromURLs := f.urls()
	if named != "" {
		p := scan.Package{Name: named, Version: f.say("installed version", "version"), Type: f.say("type")}
		for _, known := range fromURLs {
			if known.Name == p.Name {
				p.Type = known.Type
				p.Version = cmp.Or(p.Version, known.Version)
			}
		}
		return []scan.Package{p}
	}
	if len(fromURLs) > 0 {
		return fromURLs
	}
	if parts := coordinate.FindStringSubmatch(f.logical); parts != nil {
		return []scan.Package{{Name: parts[1], Version: parts[2]}}
	}
	return []scan.Package{{}}
}

func (f finding) urls() []scan.Package {
	var packages []scan.Package
	for _, value := range f.list("purls", "purl") {
		if p, ok := assemble.Package(value); ok {
			packages = append(packages, p)
		}
	}
	return packages
}

// list returns the texts under the first of the properties that is there.
func (f finding) list(keys ...string) []string {
	for _, key := range keys {
		switch value := f.known[key].(type) {
		case string:
			return []string{value}
		case []any:
			var texts []string
			for _, v := range value {
				if s, ok := v.(string); ok {
					texts = append(texts, s)
				}
			}
			return texts
		}
	}
	return nil
}

// fixed is the version with the fix, "" when there is none.
func (f finding) fixed() string {
	version := cmp.Or(f.say("fixed version", "fix version", "fixed in"), cmp.Or(f.list("fixed_version")...))
	if strings.ContainsRune(version, ' ') && !strings.Contains(version, ", ") {
		return "" // words, such as "not fixed"
	}
	return version
}

// severity is the vendor's word if the tool passes one on, and what comes closest otherwise.
func (f finding) severity() scan.Severity {
	words := append([]string{f.say("severity")}, f.tags...)
	words = append(words, f.list("severity", "cvssV3_severity")...)
	for _, word := range words {
		if severity, err := scan.ParseSeverity(word); err == nil {
			return severity
		}
	}
	if score := f.score("security-severity"); score > 0 {
		return ofScore(score)
	}
	return ofLevel(f.level)
}

func (f finding) cvss() float64 {
	return slices.Max([]float64{f.score("cvssv40_baseScore"), f.score("cvssv3_baseScore"), f.score("cvssV3")})
}

// epss is read from a line as we write it: "EPSS: 43.2 %".
func (f finding) epss() float64 {
	percent, ok := strings.CutSuffix(f.say("epss"), "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(percent), 64)
	if !ok || err != nil || !(share >= 0 && share <= 100) {
		return 0
	}
	return share / 100
}

// score reads a number between 0 and 10, which some write as a text.
func (f finding) score(key string) float64 {
	number, ok := f.known[key].(float64)
	if word, isText := f.known[key].(string); isText {
		parsed, err := strconv.ParseFloat(word, 64)
		number, ok = parsed, err == nil
	}
	if !ok || !(number >= 0 && number <= 10) {
		return 0
	}
	return number
}

// ofScore is the rating that CVSS 3 gives a score.
func ofScore(score float64) scan.Severity {
	switch {
	case score >= 9:
		return scan.Critical
	case score >= 7:
		return scan.High
	case score >= 4:
		return scan.Medium
	}
	return scan.Low
}

func ofLevel(level string) scan.Severity {
	switch level {
	case sarif.LevelError:
		return scan.High
	case sarif.LevelWarning:
		return scan.Medium
	case sarif.LevelNote:
		return scan.Low
	}
	return scan.Unknown
}
