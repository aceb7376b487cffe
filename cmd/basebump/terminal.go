package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"

	"github.com/basebump/basebump/bot"
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// paint colours text, or leaves it alone: colour goes to terminals only, and never when NO_COLOR is set (https://no-color.org).
type paint bool

func painter(w io.Writer) paint { return paint(isTerminal(w) && os.Getenv("NO_COLOR") == "") }

func (p paint) in(color, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

const (
	green  = "32"
	yellow = "33"
	red    = "31"
	dim    = "2"
)

// progress is one line on a terminal that vanishes when the work is done; elsewhere there is none.
func (g *globals) progress() bot.Progress {
	if g.noProgress || !isTerminal(g.err) {
		return nil
	}
	return func(stage string, done, total int, what string) {
		if done == total {
			fmt.Fprint(g.err, "\r\x1b[K")
			return
		}
		fmt.Fprintf(g.err, "\r\x1b[K  %s %d/%d %.60s", stage, done+1, total, what)
	}
}

// longest is how many characters of a name or an operand are shown.
const longest = 100

// clean makes text from a repository or a registry harmless to a terminal: control characters become visible marks.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '\uFFFD'
		}
		return r
	}, text)
}

// clip is clean, and cuts what is too long to read.
func clip(text string) string {
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return clean(text)
}
