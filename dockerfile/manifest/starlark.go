package manifest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/bazelbuild/buildtools/build"

	"github.com/basebump/basebump/dockerfile"
)

const (
	maxStarlark  = 256 << 10 // bytes of Starlark that are parsed: the parser's recursion is as deep as a file makes it
	maxOperators = 5_000     // in it: of one expression with many the parser takes time by their square
)

// starlark is a file in Bazel's language, which Tilt speaks too.
type starlark struct {
	*reader
	calls     []*build.CallExpr
	pairs     []*build.KeyValueExpr
	constants map[string]build.Expr // what names are set to at the top of the file
}

// starlark parses the file. Of a file that cannot be parsed there is nothing but the reason.
func (r *reader) starlark() *starlark {
	s := &starlark{reader: r, constants: map[string]build.Expr{}}
	switch {
	case len(r.own()) > maxStarlark:
		r.unreadable(fmt.Sprintf("it has %d KiB; files of this kind are read up to %d KiB", len(r.own())>>10, maxStarlark>>10))
		return s
	case operators(r.own()) > maxOperators:
		r.unreadable("it has too many operators")
		return s
	}
	file, err := build.ParseDefault(r.Path, r.own())
	if err != nil {
		r.unreadable(strings.TrimPrefix(err.Error(), r.Path+":"))
		return s
	}
	for _, statement := range file.Stmt {
		if assigned, ok := statement.(*build.AssignExpr); ok && assigned.Op == "=" {
			if name, ok := assigned.LHS.(*build.Ident); ok {
				s.constants[name.Name] = assigned.RHS
			}
		}
	}
	build.Walk(file, func(x build.Expr, _ []build.Expr) {
		switch x := x.(type) {
		case *build.CallExpr:
			s.calls = append(s.calls, x)
		case *build.KeyValueExpr:
			s.pairs = append(s.pairs, x)
		}
	})
	return s
}

// starlarkToken is a comment, a string, or an operator with two sides.
var starlarkToken = regexp.MustCompile(`#.*|(?s:"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?''')|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[-+*/%|&^<>]|[!=]=|\b(?:and|or|in|if|for)\b`)

// operators counts the operators of a file.
func operators(data []byte) (n int) {
	for _, found := range starlarkToken.FindAllIndex(data, -1) {
		if c := data[found[0]]; c != '#' && c != '"' && c != '\'' {
			n++
		}
	}
	return n
}

// function is the name of what is called, with the dots in it.
func function(call *build.CallExpr) string {
	switch f := call.X.(type) {
	case *build.Ident:
		return f.Name
	case *build.DotExpr:
		if x, ok := f.X.(*build.Ident); ok {
			return x.Name + "." + f.Name
		}
		return "." + f.Name
	}
	return ""
}

// argument is what a call is given by a name; nil when it is not.
func argument(call *build.CallExpr, name string) build.Expr {
	for _, given := range call.List {
		if assigned, ok := given.(*build.AssignExpr); ok {
			if ident, ok := assigned.LHS.(*build.Ident); ok && ident.Name == name {
				return assigned.RHS
			}
		}
	}
	return nil
}

// span is where an expression stands; a string's without its quotes.
func (s *starlark) span(x build.Expr) dockerfile.Span {
	if literal, ok := x.(*build.StringExpr); ok {
		if span, ok := s.literal(literal).Span(); ok {
			return span
		}
	}
	start, end := x.Span()
	return dockerfile.Span{Start: start.Byte, End: end.Byte}
}

// first is the string that a call is given first; nil when there is none.
func (s *starlark) first(call *build.CallExpr) dockerfile.Text {
	if len(call.List) == 0 {
		return nil
	}
	return s.text(call.List[0])
}

// text is a string, a name that is set to one at the top of the file, or several of these added up; nil for anything else.
func (s *starlark) text(x build.Expr) dockerfile.Text { return s.value(x, maxExpansions) }

func (s *starlark) value(x build.Expr, left int) dockerfile.Text {
	if left == 0 {
		return nil
	}
	switch x := x.(type) {
	case *build.StringExpr:
		return s.literal(x)
	case *build.Ident:
		return s.value(s.constants[x.Name], left-1)
	case *build.ParenExpr:
		return s.value(x.X, left-1)
	case *build.BinaryExpr:
		a, b := s.value(x.X, left/2), s.value(x.Y, left/2)
		if x.Op == "+" && a != nil && b != nil {
			return a.Append(b...)
		}
	}
	return nil
}

// literal is a string as it stands in the file; one with escapes is not followed.
func (s *starlark) literal(x *build.StringExpr) dockerfile.Text {
	at := x.Start.Byte
	if at < len(s.Data) && s.Data[at] == 'r' {
		at++
	}
	quotes := 1
	if x.TripleQuote {
		quotes = 3
	}
	at += quotes
	if !s.Holds(dockerfile.Span{Start: at, End: at + len(x.Value)}, x.Value) {
		return lost()
	}
	return dockerfile.Text{{Value: x.Value, At: at}}
}
