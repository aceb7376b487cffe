package config

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
)

// ImagePattern is a kind of file that basebump does not know: which files, and what in them names an image.
type ImagePattern struct {
	Files Patterns   `yaml:"files" required:"true" doc:"Which files: patterns over their paths, such as build/**/*.mk; a leading ! excludes."`
	Find  Expression `yaml:"find" required:"true" doc:"A regular expression (RE2) with a group (?P<image>…), or (?P<name>…) with (?P<tag>…), (?P<digest>…) or both."`
}

// Bounds of what a repository, whose patterns come from strangers, may ask for. Matching takes time for each byte of a file and each
// step of a pattern.
const (
	maxImagePatterns   = 10
	maxExpression      = 1000 // bytes
	maxExpressionSteps = 250  // of the compiled expression
)

// Expression is a regular expression that finds images by its named groups.
type Expression struct{ *regexp.Regexp }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *Expression) UnmarshalText(text []byte) error {
	source := string(text)
	if len(source) > maxExpression {
		return fmt.Errorf("expected a regular expression of at most %d bytes", maxExpression)
	}
	compiled, err := regexp.Compile(source)
	if err != nil {
		if parse, ok := errors.AsType[*syntax.Error](err); ok {
			return fmt.Errorf("expected a regular expression (%s)", parse.Code)
		}
		return errors.New("expected a regular expression")
	}
	if steps(source) > maxExpressionSteps {
		return errors.New("expected a simpler regular expression: repetitions such as {1,500} make it large")
	}
	names := compiled.SubexpNames()
	has := func(name string) bool { return slices.Contains(names, name) }
	if !has("image") && (!has("name") || !has("tag") && !has("digest")) {
		return errors.New("expected a group (?P<image>…), or (?P<name>…) with (?P<tag>…) or (?P<digest>…)")
	}
	e.Regexp = compiled
	return nil
}

// steps is how large an expression is that compiles.
func steps(source string) int {
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return 0
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0
	}
	return len(program.Inst)
}

func (Expression) schema() map[string]any {
	return map[string]any{"type": "string", "minLength": 1, "maxLength": maxExpression}
}

func validateImagePatterns(d *decoder, patterns []ImagePattern) {
	for i, p := range patterns {
		if len(p.Files) == 0 {
			d.problemAt(fmt.Sprintf("patterns[%d]", i), fmt.Sprintf("patterns[%d].files: expected at least one pattern, such as build/**/*.mk", i))
		}
	}
	if len(patterns) > maxImagePatterns {
		d.problemAt("patterns", fmt.Sprintf("patterns: expected at most %d", maxImagePatterns))
	}
}
