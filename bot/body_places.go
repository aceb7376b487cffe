package bot

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// placesShown is how many places are named; the pull request's own diff shows all.
const placesShown = 12

// placesLine names every reference, with the ARG that an edit goes to where it is not the line itself.
func placesLine(references []dockerfile.Reference) string {
	var where []string
	for i := 0; i < len(references); {
		first := references[i]
		name, how := fmt.Sprintf("%s:%d", first.File, first.Line), through(first)
		for i++; i < len(references) && references[i].File == first.File && through(references[i]) == how; i++ {
			name += fmt.Sprintf(", %d", references[i].Line)
		}
		where = append(where, code(name)+how)
	}
	return "**Where**: " + enumerate(where, placesShown)
}

var variable = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)

// through says what a reference owes its value to, where that stands on other lines alone.
func through(r dockerfile.Reference) string {
	for _, p := range r.Pieces {
		if p.File != "" && p.Field != dockerfile.Name {
			return " (set in " + code(fmt.Sprintf("%s:%d", p.File, p.Line)) + ")"
		}
	}
	elsewhere := len(r.Pieces) > 0 && !slices.ContainsFunc(r.Pieces, func(p dockerfile.Piece) bool { return p.Line == r.Line })
	if !elsewhere {
		return ""
	}
	var names []string
	for _, found := range variable.FindAllStringSubmatch(r.Raw, -1) {
		names = append(names, code("ARG "+found[1]))
	}
	if r.Kind != "dockerfile" || len(names) == 0 {
		return fmt.Sprintf(" (set on line %d)", r.Pieces[0].Line)
	}
	return " (through " + enumerate(names, 3) + ")"
}
