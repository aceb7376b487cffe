// Package leaktest fails a test on sight of a secret in what a log or a person would get to see. It is for tests alone.
package leaktest

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/basebump/basebump/config/fault"
)

// shortest is the length in bytes below which a line is taken for no secret: it would be found everywhere.
const shortest = 8

// Guard knows the secrets of one test. It is safe for concurrent use.
type Guard struct {
	t testing.TB

	mu      sync.Mutex
	secrets map[string]string // as they may be written → what they are
	longest int
}

// New returns a guard that knows no secret yet.
func New(t testing.TB) *Guard { return &Guard{t: t, secrets: map[string]string{}} }

// Keep makes a secret known: each line of it that is long enough, as it is, and encoded in the usual ways.
func (g *Guard) Keep(what, secret string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for line := range strings.Lines(secret) {
		line = strings.TrimSpace(line)
		if len(line) < shortest || strings.HasPrefix(line, "-----") { // the frame of a key
			continue
		}
		for _, written := range []string{line, url.QueryEscape(line), strings.Trim(strconv.Quote(line), `"`), base64.StdEncoding.EncodeToString([]byte(line))} {
			g.secrets[written] = what
			g.longest = max(g.longest, len(written))
		}
	}
}

// Check fails the test when the text has a secret in it, and returns the text.
func (g *Guard) Check(where, text string) string {
	g.t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	for secret, what := range g.secrets {
		if at := strings.Index(text, secret); at >= 0 {
			g.t.Errorf("%s shows %s: %s[here]%s", where, what, text[max(0, at-80):at], text[at+len(secret):min(len(text), at+len(secret)+80)])
		}
	}
	return text
}

// Error checks an error in every form in which it may be printed, with all that it wraps, and returns it.
func (g *Guard) Error(err error) error {
	g.t.Helper()
	if err == nil {
		return nil
	}
	for _, text := range []string{fault.Text(err), fmt.Sprintf("%v %+v %q", err, err, err)} {
		g.Check("an error", text)
	}
	switch inner := err.(type) {
	case interface{ Unwrap() error }:
		g.Error(inner.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range inner.Unwrap() {
			g.Error(one)
		}
	}
	return err
}

// Writer checks what is written to next, also where a secret is cut in two by writes.
func (g *Guard) Writer(where string, next io.Writer) io.Writer {
	return &writer{guard: g, where: where, next: next}
}

type writer struct {
	guard *Guard
	where string
	next  io.Writer

	mu   sync.Mutex
	tail string
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	w.guard.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tail = w.guard.Check(w.where, w.tail+string(p))
	w.guard.mu.Lock()
	keep := max(0, w.guard.longest-1)
	w.guard.mu.Unlock()
	w.tail = w.tail[max(0, len(w.tail)-keep):]
	return w.next.Write(p)
}

// Log is a log of everything, beside the test's own output.
func (g *Guard) Log() *slog.Logger {
	return slog.New(slog.NewTextHandler(g.Writer("the log", g.t.Output()), &slog.HandlerOptions{Level: slog.LevelDebug}))
}
