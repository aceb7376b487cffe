// Package clair scans with a Clair v4 that the operator runs: it has Clair index an image, and reads the report back.
//
// Clair fetches the layers itself, so it must reach the registry by the address that basebump uses. It is told the credentials of that
// registry for those layers, and nothing else. This package reads manifests, and no layer.
package clair

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
)

const defaultTimeout = 5 * time.Minute

// Options say where Clair is. URL and Now are required.
type Options struct {
	URL      string        // of its API, without the parts that begin with indexer or matcher
	Key      string        // its pre-shared key in base64, as in its own configuration; empty without authentication
	Issuer   string        // that the key's tokens name; "basebump" by default
	MaxDBAge time.Duration // data that were last updated longer ago are not used; 0 for any age
	Timeout  time.Duration // of one scan; 5 minutes by default
	HTTP     *http.Client  // reaches Clair; http.DefaultClient by default
	Now      func() time.Time
}

// Scanner scans with one Clair. Safe for concurrent use.
type Scanner struct {
	api     *api
	options Options
	covered coverage
}

var _ scan.Scanner = (*Scanner)(nil)

// New returns a scanner. It asks nothing yet.
func New(o Options) (*Scanner, error) {
	base, err := url.Parse(o.URL)
	if err != nil || base.Host == "" {
		return nil, assemble.Permanent("read Clair's address %q: it is no URL", o.URL)
	}
	key, err := base64.StdEncoding.DecodeString(o.Key)
	if err != nil {
		return nil, assemble.Permanent("read Clair's pre-shared key: it is not base64")
	}
	o.Issuer = cmp.Or(o.Issuer, "basebump")
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.HTTP = cmp.Or(o.HTTP, http.DefaultClient)
	return &Scanner{options: o, api: &api{base: base, http: o.HTTP, key: key, issuer: o.Issuer, now: o.Now}}, nil
}

// Scan implements scan.Scanner.
func (s *Scanner) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.options.Timeout, &fault.Error{
		Class: fault.Retry, Err: fmt.Errorf("not done after %s", s.options.Timeout), Hint: "raise `limits.scan_timeout` if it needs more",
	})
	defer cancel()
	found, err := s.scan(ctx, target)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return scan.Report{}, assemble.Failed(target, err)
	}
	return assemble.Report(target, found), nil
}

func (s *Scanner) scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	tool, data, err := s.identity(ctx)
	if err != nil {
		return scan.Report{}, err
	}
	image, err := pull(ctx, target)
	if err != nil {
		return scan.Report{}, err
	}
	if err := s.api.index(ctx, image); err != nil {
		return scan.Report{}, err
	}
	answer, err := s.api.report(ctx, image.Hash)
	if err != nil {
		return scan.Report{}, err
	}
	found, err := answer.read()
	if err != nil {
		return scan.Report{}, err
	}
	found.Scanner, found.DatabaseBuilt = tool, data.built()
	if err := assemble.Recognised(found); err != nil {
		return scan.Report{}, err
	}
	return found, s.cover(ctx, data, answer)
}

// Identity returns Clair's version and when its data were last updated, after the same checks as before a scan. Clair does not tell the
// version of its program; what stands for it is the state of its indexer, which changes whenever images must be read again.
func (s *Scanner) Identity(ctx context.Context) (scan.Tool, time.Time, error) {
	tool, data, err := s.identity(ctx)
	return tool, data.built(), err
}

func (s *Scanner) identity(ctx context.Context) (scan.Tool, updates, error) {
	state, err := s.api.state(ctx)
	if err != nil {
		return scan.Tool{}, nil, err
	}
	data, err := s.api.updates(ctx)
	if err != nil {
		return scan.Tool{}, nil, err
	}
	if len(data) == 0 {
		return scan.Tool{}, nil, errNotReady
	}
	err = assemble.Fresh(data.built(), s.options.MaxDBAge, s.options.Now(), "see why Clair's updaters have stopped, or raise `max_db_age`")
	return scan.Tool{Name: "clair", Version: "4+" + state[:min(8, len(state))]}, data, err
}

// errNotReady is a Clair to which no updater has brought anything yet. Every image would look clean.
var errNotReady error = &fault.Error{
	Class: fault.Retry, Err: errors.New("there is no vulnerability data in Clair yet"), Hint: "wait for its updaters, or import data with `clairctl import-updaters`",
}
