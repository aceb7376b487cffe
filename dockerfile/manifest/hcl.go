package manifest

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/basebump/basebump/dockerfile"
)

// hclValue is one string of a file of HCL, or a reference to one, with the names of the blocks, labels and keys it stands under.
// HCL's own lexer finds the bytes. Its parser is not used: it is recursive without a bound.
type hclValue struct {
	path  []string
	parts []hclPart
	span  dockerfile.Span // as written, without its quotes
}

// hclPart is a piece of text, or a name that stands for a value.
type hclPart struct {
	text dockerfile.Text
	name string
}

// hcl lists the values of the file, in order.
func (d *Document) hcl() []hclValue {
	tokens, _ := hclsyntax.LexConfig(d.Data, d.Path, hcl.InitialPos)
	s := &hclScanner{Document: d, tokens: tokens}
	for s.pos < len(s.tokens) {
		s.step()
	}
	return s.values
}

type hclScanner struct {
	*Document
	tokens hclsyntax.Tokens
	pos    int

	path    []string // of the blocks and brackets that are open
	lengths []int    // of path, outside each of them
	key     []string // names since the last item ended
	value   []string // the name that a value is, so far
	valued  bool     // behind an equals sign
	values  []hclValue
}

// step takes in one token, or a whole string.
func (s *hclScanner) step() {
	token := s.tokens[s.pos]
	s.pos++
	switch token.Type {
	case hclsyntax.TokenIdent:
		if s.valued {
			s.value = append(s.value, string(token.Bytes))
		} else {
			s.key = append(s.key, string(token.Bytes))
		}
	case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
		s.quoted(s.template(token))
	case hclsyntax.TokenEqual, hclsyntax.TokenColon:
		s.valued = true
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen:
		s.lengths = append(s.lengths, len(s.path))
		s.path = append(s.path, s.key...)
		s.key, s.value, s.valued = nil, nil, false
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen:
		s.end()
		if n := len(s.lengths) - 1; n >= 0 {
			s.path, s.lengths = s.path[:s.lengths[n]], s.lengths[:n]
		}
	case hclsyntax.TokenComma, hclsyntax.TokenNewline, hclsyntax.TokenEOF:
		s.end()
	}
}

// quoted takes in a string: a label, a key, or a value.
func (s *hclScanner) quoted(value hclValue) {
	next := hclsyntax.TokenEOF
	if s.pos < len(s.tokens) {
		next = s.tokens[s.pos].Type
	}
	key := next == hclsyntax.TokenEqual || next == hclsyntax.TokenColon
	label := len(s.key) > 0 && (next == hclsyntax.TokenOBrace || next == hclsyntax.TokenOQuote)
	if !s.valued && (key || label) {
		if len(value.parts) == 1 {
			s.key = append(s.key, value.parts[0].text.String())
		}
		return
	}
	s.emit(value)
}

// end closes an item; a value that is only a name is one that another item gives.
func (s *hclScanner) end() {
	if s.valued && len(s.value) > 0 && len(s.value) <= 2 {
		s.emit(hclValue{parts: []hclPart{{name: s.value[len(s.value)-1]}}})
	}
	s.key, s.value, s.valued = nil, nil, false
}

func (s *hclScanner) emit(value hclValue) {
	const maxPath = 64
	if len(s.path) < maxPath {
		value.path = slices.Concat(s.path, s.key)
		s.values = append(s.values, value)
	}
	s.value = nil
}

// template reads the string that a token has just opened, up to its end.
func (s *hclScanner) template(opened hclsyntax.Token) (value hclValue) {
	value.span.Start = opened.Range.End.Byte
	depth := 0
	var names []string
	for ; s.pos < len(s.tokens); s.pos++ {
		token := s.tokens[s.pos]
		switch token.Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if depth++; depth == 1 {
				names = nil
			}
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if depth--; depth < 0 {
				s.pos++
				value.span.End = token.Range.Start.Byte
				return value
			}
			if depth == 0 {
				value.parts = append(value.parts, hclPart{name: lastName(names)})
			}
		case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit:
			if depth == 0 {
				value.parts = append(value.parts, hclPart{text: literal(token)})
			}
		default:
			names = append(names, string(token.Bytes))
		}
	}
	value.span.End = len(s.Data)
	return value
}

// literal is the text of a token. What an escape stands for is no part of an image.
func literal(token hclsyntax.Token) dockerfile.Text {
	text := dockerfile.Text{{Value: string(token.Bytes), At: token.Range.Start.Byte}}
	if token.Type == hclsyntax.TokenQuotedLit && bytes.ContainsAny(token.Bytes, `\$%`) {
		text = text.Append(dockerfile.Run{At: -1, Why: string(errLost)})
	}
	return text
}

// lastName is the variable that an interpolation is nothing else than: NAME, var.NAME or local.NAME.
func lastName(tokens []string) string {
	switch {
	case len(tokens) == 1:
		return tokens[0]
	case len(tokens) == 3 && tokens[1] == "." && (tokens[0] == "var" || tokens[0] == "local"):
		return tokens[2]
	}
	return "an expression"
}
