package dockerfile

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// errLost is why a word is skipped whose expansion BuildKit and we see differently.
const errLost = Unfollowed("is written in a way that cannot be followed to its parts; write the image plainly")

// expand is BuildKit's expansion of one word, with the origin of every byte kept. BuildKit's own lexer decides the value and
// the error; the origin is found by walking the same grammar, and a walk that comes to another value is refused.
func expand(word Text, escape rune, scope *scope) (Text, error) {
	source := word.String()
	if !strings.ContainsAny(source, `$'"`+string(escape)) {
		return word, nil
	}
	if !utf8.ValidString(source) {
		return nil, errLost
	}
	want, _, err := shell.NewLex(escape).ProcessWord(source, scope)
	if err != nil {
		return nil, cause(err)
	}
	e := &expander{word: word, source: source, escape: byte(escape), scope: scope}
	got, err := e.until(0)
	if err != nil || got.String() != want {
		return nil, errLost
	}
	return got, nil
}

// cause is the innermost error, without the words that libraries put around it.
func cause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

type expander struct {
	word   Text
	source string // word's value
	pos    int
	escape byte
	scope  *scope
}

// peek is the next byte, or 0 at the end.
func (e *expander) peek() byte {
	if e.pos < len(e.source) {
		return e.source[e.pos]
	}
	return 0
}

// take moves over the next rune and returns it with its origin.
func (e *expander) take() Text {
	_, size := utf8.DecodeRuneInString(e.source[e.pos:])
	e.pos += size
	return e.word.Slice(e.pos-size, e.pos)
}

// until expands up to the stop byte, which it moves over, or to the end when stop is 0.
func (e *expander) until(stop byte) (Text, error) {
	var out Text
	for e.pos < len(e.source) {
		var part Text
		var err error
		switch c := e.source[e.pos]; {
		case stop != 0 && c == stop:
			e.pos++
			return out, nil
		case c == '\'':
			part, err = e.single()
		case c == '"':
			part, err = e.double()
		case c == '$':
			part, err = e.dollar()
		case c == e.escape:
			e.pos++
			part = e.take()
		default:
			part = e.take()
		}
		if err != nil {
			return nil, err
		}
		if out = out.Append(part...); len(out) > maxArg {
			return nil, errLost
		}
	}
	if stop != 0 {
		return nil, errLost
	}
	return out, nil
}

func (e *expander) single() (Text, error) {
	e.pos++
	length := strings.IndexByte(e.source[e.pos:], '\'')
	if length < 0 {
		return nil, errLost
	}
	e.pos += length + 1
	return e.word.Slice(e.pos-length-1, e.pos-1), nil
}

func (e *expander) double() (Text, error) {
	var out Text
	for e.pos++; e.pos < len(e.source); {
		switch c := e.source[e.pos]; c {
		case '"':
			e.pos++
			return out, nil
		case '$':
			value, err := e.dollar()
			if err != nil {
				return nil, err
			}
			out = out.Append(value...)
		default:
			char := e.take()
			if c == e.escape {
				switch next := e.peek(); next {
				case 0:
					continue
				case '"', '$', e.escape:
					char = e.take()
				}
			}
			out = out.Append(char...)
		}
	}
	return nil, errLost
}

// dollar expands a variable at $.
func (e *expander) dollar() (Text, error) {
	start := e.pos
	e.pos++
	if e.peek() != '{' {
		name := e.name()
		if name == "" {
			return e.word.Slice(start, start+1), nil
		}
		return e.scope.value(name), nil
	}
	e.pos++
	name := e.name()
	op := e.peek()
	e.pos++
	if op == '}' {
		return e.scope.value(name), nil
	}
	nullIsUnset := op == ':'
	if nullIsUnset {
		op = e.peek()
		e.pos++
	}
	if op == '/' {
		if e.peek() == '/' {
			e.pos++
		}
		if _, err := e.until('/'); err != nil {
			return nil, err
		}
	}
	word, err := e.until('}')
	if err != nil {
		return nil, err
	}
	value, set := e.scope.lookup(name)
	if nullIsUnset && value.String() == "" {
		set = false
	}
	if !set && strings.IndexByte("#%/", op) >= 0 {
		return e.scope.value(name), nil
	}
	return e.modify(op, value, set, word, start)
}

// modify applies the operator of the substitution that began at start.
func (e *expander) modify(op byte, value Text, set bool, word Text, start int) (Text, error) {
	doubt := Run{At: -1, Why: value.Why()}
	switch op {
	case '-', '?':
		if set {
			return value, nil
		}
		return Text(nil).Append(doubt).Append(word...), nil
	case '+':
		if set {
			return Text(nil).Append(doubt).Append(word...), nil
		}
		return Text(nil).Append(doubt), nil
	}
	// Trimming and replacing are BuildKit's to do. What is left of a trimmed value still stands where it stood, but a digest
	// there might be trimmed too.
	e.scope.use(e.scope.read, use{})
	expression := e.source[start:e.pos]
	result, _, err := shell.NewLex(rune(e.escape)).ProcessWord(expression, e.scope)
	if err != nil {
		return nil, cause(err)
	}
	whole := value.String()
	switch {
	case op == '#' && strings.HasSuffix(whole, result):
		return value.Slice(len(whole)-len(result), len(whole)).Append(doubt), nil
	case op == '%' && strings.HasPrefix(whole, result), result == whole:
		return value.Slice(0, len(result)).Append(doubt), nil
	}
	return Text{{Value: result, At: -1, Why: "is computed by " + expression + "; write the value itself"}}, nil
}

// name reads a variable's name as BuildKit does: digits, one special parameter, or letters, digits and underscores.
func (e *expander) name() string {
	start := e.pos
	rest := e.source[start:]
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case unicode.IsDigit(r):
		end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) })
		e.pos += length(rest, end)
	case rest != "" && strings.ContainsRune("@*#?-$!", r):
		e.pos += size
	default:
		end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
		e.pos += length(rest, end)
	}
	return e.source[start:e.pos]
}

// length is end, or all of s when end is negative.
func length(s string, end int) int {
	if end < 0 {
		return len(s)
	}
	return end
}
