package manifest

import (
	"regexp"

	"github.com/basebump/basebump/dockerfile"
)

// maxExpansions is how many variables one value may use, those of its variables included: a few that use each other could
// otherwise take for ever.
const maxExpansions = 100

// errEndless is why a value is left alone that uses more.
const errEndless = dockerfile.Unfollowed("has variables in variables without end")

// variables expands $NAME and ${NAME} by what one file sets them to.
type variables struct {
	value func(name string) (dockerfile.Text, error) // nil without error when the file does not set it
	left  int
}

var plainVariable = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+)|)`)

// expandBy is the expander that takes the values of variables from a function; nil stands for one that the file does not set.
func expandBy(value func(name string) (dockerfile.Text, error)) expander {
	return func(word dockerfile.Text) (dockerfile.Text, error) {
		v := &variables{value: value, left: maxExpansions}
		return v.expand(word)
	}
}

func (v *variables) expand(word dockerfile.Text) (dockerfile.Text, error) {
	source := word.String()
	var out dockerfile.Text
	pos := 0
	for _, found := range plainVariable.FindAllStringSubmatchIndex(source, -1) {
		if v.left--; v.left < 0 {
			return nil, errEndless
		}
		out = out.Append(word.Slice(pos, found[0])...)
		pos = found[1]
		value, err := v.of(source[found[0]:pos], source[found[0]:])
		if err != nil {
			return nil, err
		}
		out = out.Append(value...)
	}
	return out.Append(word.Slice(pos, len(source))...), nil
}

// of is what a use of a variable comes to; rest is the value from there on.
func (v *variables) of(use, rest string) (dockerfile.Text, error) {
	name := plainVariable.ReplaceAllString(use, "$1$2")
	if name == "" {
		return nil, dockerfile.Unfollowed("is filled in from outside this file (" + rest + ")")
	}
	value, err := v.value(name)
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, dockerfile.Unfollowed("needs " + name + ", which is set outside this file")
	}
	return v.expand(value)
}
