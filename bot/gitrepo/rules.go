package gitrepo

import (
	"bytes"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

const (
	gitName    = ".git"
	ignoreName = ".gitignore"
)

// rule is one line of a .gitignore.
type rule struct {
	dir     string // the folder whose .gitignore it is, with a final slash; "" for the checkout's top
	glob    string // in doublestar's syntax
	name    bool   // the glob is held against the last name alone
	folders bool   // matches folders only
	include bool   // takes back what an earlier rule ignores
}

// rules are in the order of reading: the last that matches decides.
type rules []rule

// parseRules reads a .gitignore that lies in dir, relative to the checkout's top.
func parseRules(dir string, data []byte) rules {
	if dir != "" {
		dir += "/"
	}
	var parsed rules
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
		if r, ok := parseRule(text); ok {
			r.dir = dir
			parsed = append(parsed, r)
		}
	}
	return parsed
}

func parseRule(text string) (r rule, ok bool) {
	for strings.HasSuffix(text, " ") && !strings.HasSuffix(text, `\ `) {
		text = text[:len(text)-1]
	}
	if text == "" || text[0] == '#' {
		return rule{}, false
	}
	text, r.include = strings.CutPrefix(text, "!")
	text, r.folders = strings.CutSuffix(text, "/")
	r.name = !strings.Contains(text, "/")
	text = strings.TrimPrefix(text, "/")
	r.glob = translate(text)
	return r, doublestar.ValidatePattern(r.glob)
}

// translate turns Git's patterns into doublestar's: braces mean themselves, stars in a word are one star, and two stars at the end
// mean what is in the folder, not the folder too.
func translate(pattern string) string {
	words := strings.Split(pattern, "/")
	for i, word := range words {
		if len(word) > 1 && strings.Trim(word, "*") == "" {
			words[i] = "**"
		} else {
			words[i] = translateWord(word)
		}
	}
	if last := len(words) - 1; last > 0 && words[last] == "**" {
		words = append(words, "*")
	}
	return strings.Join(words, "/")
}

func translateWord(word string) string {
	var b strings.Builder
	escaped, star := false, false
	for _, c := range []byte(word) {
		if !escaped && (c == '{' || c == '}') {
			b.WriteByte('\\')
		}
		again := star
		if star = c == '*' && !escaped; !star || !again {
			b.WriteByte(c)
		}
		escaped = c == '\\' && !escaped
	}
	return b.String()
}

// ignore reports whether the rules ignore a path, given that they do not ignore the folders above it.
func (rs rules) ignore(path string, isFolder bool) bool {
	for i := len(rs) - 1; i >= 0; i-- {
		if rs[i].matches(path, isFolder) {
			return !rs[i].include
		}
	}
	return false
}

func (r rule) matches(path string, isFolder bool) bool {
	path, ok := strings.CutPrefix(path, r.dir)
	if !ok || r.folders && !isFolder {
		return false
	}
	if r.name {
		path = path[strings.LastIndexByte(path, '/')+1:]
	}
	return doublestar.MatchUnvalidated(r.glob, path)
}
