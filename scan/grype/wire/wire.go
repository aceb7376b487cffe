// Package wire is what passes between the bot and the scanner's own process: one JSON value a line, jobs in, replies out.
//
// It holds types and bounds, and no behaviour but reading and writing lines, so that the bot links nothing of the scanner.
package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// Bounds of one line. A job may carry a bill of materials, in base64.
const (
	MaxJob   = 64 << 20
	MaxReply = 64 << 20

	MaxCatalogue = 16 << 20
)

// ErrTooLong is a line above its bound.
var ErrTooLong = errors.New("line too long")

// Hello is the worker's first line, once its database is open.
type Hello struct {
	Scanner  scan.Tool `json:"scanner"`
	Database Database  `json:"database"`
	// Cataloguer says who makes catalogues here, with the version: those of another are not to be sent.
	Cataloguer string   `json:"cataloguer,omitempty"`
	Failure    *Failure `json:"failure,omitempty"` // why no job can be done; the worker ends after it
}

// Database tells which advisories a worker judges by.
type Database struct {
	Path      string     `json:"path"`
	Schema    string     `json:"schema"`
	Built     time.Time  `json:"built"` // UTC
	Providers []Provider `json:"providers"`
}

// Provider is one source of advisories in a database.
type Provider struct {
	Name     string    `json:"name"`
	Captured time.Time `json:"captured"` // when its data was fetched, UTC
}

// Job asks for one scan. It carries credentials and is never logged.
type Job struct {
	ID        uint64      `json:"id"`
	Target    scan.Target `json:"target"`
	Catalogue []byte      `json:"catalogue,omitempty"` // what an earlier job read of the same image: nothing is pulled then
}

// Reply answers the job with the same ID: exactly one of Report and Failure is set.
type Reply struct {
	ID        uint64       `json:"id"`
	Report    *scan.Report `json:"report,omitempty"`
	Catalogue []byte       `json:"catalogue,omitempty"` // what was read of the layers, when they were; at most MaxCatalogue bytes
	Failure   *Failure     `json:"failure,omitempty"`
}

// Failure is a fault.Error as it travels.
type Failure struct {
	Class fault.Class `json:"class"`
	Text  string      `json:"text"`
	Hint  string      `json:"hint,omitempty"`
}

// NewFailure packs an error with its class and hint.
func NewFailure(err error) *Failure {
	return &Failure{Class: fault.ClassOf(err), Text: err.Error(), Hint: fault.Hint(err)}
}

// Error unpacks a failure; op and target say what was being done.
func (f *Failure) Error(op, target string) error {
	return &fault.Error{Op: op, Target: target, Class: f.Class, Hint: f.Hint, Err: errors.New(f.Text)}
}

// Read decodes the next line into v. It returns io.EOF at a clean end and ErrTooLong, or a decoding error, for a line that is none.
func Read(r *bufio.Reader, limit int, v any) error {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > limit {
			return ErrTooLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			if err := json.Unmarshal(line, v); err != nil {
				return fmt.Errorf("decode line: %w", err)
			}
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) > 0:
			return io.ErrUnexpectedEOF
		default:
			return err
		}
	}
}

// Write encodes v as one line.
func Write(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }
