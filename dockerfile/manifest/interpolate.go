package manifest

import (
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

var composeVariable = regexp.MustCompile(`^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)|([A-Za-z_][A-Za-z0-9_]*))`)

// maxValue is how many bytes variables may add to a value: a few that use each other could fill any memory.
const maxValue = 1 << 14

// interpolate is the expander of Compose's values: what they come to when nothing is set but what the .env files set.
func (e *environment) interpolate(word dockerfile.Text) (dockerfile.Text, error) {
	source := word.String()
	var out dockerfile.Text
	added := 0
	for pos := 0; pos < len(source); {
		if source[pos] != '$' {
			end := pos + strings.IndexByte(source[pos:]+"$", '$')
			out = out.Append(word.Slice(pos, end)...)
			pos = end
			continue
		}
		if strings.HasPrefix(source[pos:], "$$") {
			out = out.Append(word.Slice(pos, pos+1)...)
			pos += 2
			continue
		}
		value, size, err := e.variable(word.Slice(pos, len(source)))
		switch {
		case err != nil && e.loose:
			value, size = word.Slice(pos, pos+1), 1
		case err != nil:
			return nil, err
		}
		added += len(value.String())
		if out = out.Append(value...); added > maxValue {
			return nil, errEndless
		}
		pos += size
	}
	return out, nil
}

// variable expands the variable that word begins with, and returns how many bytes it took.
func (e *environment) variable(word dockerfile.Text) (value dockerfile.Text, size int, err error) {
	source := word.String()
	match := composeVariable.FindStringSubmatch(source)
	if match == nil {
		return nil, 0, dockerfile.Unfollowed("has a variable that Compose cannot read")
	}
	name := match[1] + match[2]
	value, set := e.get(name)
	if match[1] == "" {
		if !set {
			err = unset(name)
		}
		return value, len(match[0]), err
	}
	end := closing(source)
	if end < 0 {
		return nil, 0, dockerfile.Unfollowed("has a variable without its closing brace")
	}
	op := len(match[0])
	if source[op] == ':' {
		op++
		set = set && len(value.String()+value.Why()) > 0
	}
	switch {
	case set && source[op] != '+', !set && source[op] == '+':
	case source[op] == '-' || source[op] == '+':
		value, err = e.interpolate(word.Slice(op+1, end))
	default:
		err = unset(name)
	}
	return value, end + 1, err
}

func unset(name string) error {
	return dockerfile.Unfollowed("needs " + name + ", which is set outside this file; a default helps (${" + name + ":-…})")
}

// closing is where the brace that a "${" opens is closed; -1 when it is not.
func closing(source string) int {
	depth := 0
	for i := range len(source) {
		switch {
		case strings.HasPrefix(source[i:], "${"):
			depth++
		case source[i] == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
