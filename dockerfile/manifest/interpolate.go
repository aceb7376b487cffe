package manifest

import (
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

var composeVariable = regexp.MustCompile(`^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)|([A-Za-z_][A-Za-z0-9_]*))`)

// interpolate replaces Compose's variables by the defaults that stand beside them: what Compose does when none is set.
func interpolate(word dockerfile.Text) (dockerfile.Text, error) {
	source := word.String()
	var out dockerfile.Text
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
		value, size, err := variable(word.Slice(pos, len(source)))
		if err != nil {
			return nil, err
		}
		out = out.Append(value...)
		pos += size
	}
	return out, nil
}

// variable expands the variable that word begins with, and returns how many bytes it took.
func variable(word dockerfile.Text) (value dockerfile.Text, size int, err error) {
	source := word.String()
	match := composeVariable.FindStringSubmatch(source)
	if match == nil {
		return nil, 0, dockerfile.Unfollowed("has a variable that Compose cannot read")
	}
	name := match[1] + match[2]
	unset := dockerfile.Unfollowed("needs " + name + ", which is set outside this file; a default helps (${" + name + ":-…})")
	if match[1] == "" {
		return nil, 0, unset
	}
	end := closing(source)
	if end < 0 {
		return nil, 0, dockerfile.Unfollowed("has a variable without its closing brace")
	}
	op := len(match[0])
	if source[op] == ':' {
		op++
	}
	switch source[op] {
	case '-':
		value, err = interpolate(word.Slice(op+1, end))
	case '+':
	default:
		err = unset
	}
	return value, end + 1, err
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
