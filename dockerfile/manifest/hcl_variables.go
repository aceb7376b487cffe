package manifest

import (
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// hclFile is the values of a file of HCL, and the variables among them.
type hclFile struct {
	values    []hclValue
	variables map[string]hclValue
}

func (r *reader) hclFile() hclFile {
	f := hclFile{values: r.hcl(), variables: map[string]hclValue{}}
	for _, value := range f.values {
		switch path := value.path; {
		case len(path) == 3 && path[0] == "variable" && path[2] == "default", len(path) == 2 && path[0] == "locals":
			f.variables[path[1]] = value
		case len(path) == 1:
			f.variables[path[0]] = value
		}
	}
	return f
}

// take takes in a value that names an image. A value that is nothing but a variable is the variable's default.
func (f hclFile) take(r *reader, value hclValue) *dockerfile.Reference {
	return f.takeBehind(r, value, "")
}

// takeBehind is take for the image behind a mark, with which the value begins.
func (f hclFile) takeBehind(r *reader, value hclValue, mark string) *dockerfile.Reference {
	for range maxExpansions {
		if len(value.parts) != 1 || value.parts[0].name == "" {
			break
		}
		variable, ok := f.variables[value.parts[0].name]
		if !ok {
			return nil // set outside: nothing here names an image
		}
		value = variable
	}
	source := r.bytes(value.span.Start, value.span.End)
	if text := source.String(); strings.HasPrefix(text, mark) {
		source = source.Slice(len(mark), len(text))
	}
	return r.operand(source, func(dockerfile.Text) (dockerfile.Text, error) {
		expanded := f.expand(value)
		if why := expanded.Why(); why != "" {
			return nil, dockerfile.Unfollowed(why)
		}
		return expanded.Slice(len(mark), len(expanded.String())), nil
	})
}

// text is a value's text, with the defaults of its variables.
func (f hclFile) text(value hclValue) string { return f.expand(value).String() }

// expand replaces variables by their defaults. One without a default makes the value one that cannot be followed.
func (f hclFile) expand(value hclValue) dockerfile.Text {
	left := maxExpansions
	return f.replace(value, &left)
}

func (f hclFile) replace(value hclValue, left *int) (out dockerfile.Text) {
	for _, part := range value.parts {
		if part.name == "" {
			out = out.Append(part.text...)
			continue
		}
		variable, ok := f.variables[part.name]
		*left--
		switch {
		case *left < 0:
			return dockerfile.Text{{At: -1, Why: string(errEndless)}}
		case ok:
			out = out.Append(f.replace(variable, left)...)
		default:
			out = out.Append(dockerfile.Run{At: -1, Why: "needs " + part.name + ", which has no default in this file"})
		}
	}
	return out
}
