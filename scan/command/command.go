// Package command scans with any program that prints what it found: Grype's own JSON, SARIF 2.1.0, or CycloneDX with vulnerabilities.
//
// The program pulls the image itself. It runs without a shell, in an environment of its own; registry credentials reach it through
// variables of that environment, never through arguments. What these formats cannot tell is taken on the program's word: SARIF and
// CycloneDX do not say how old its data are, or whether they cover the image. Grype is asked.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/process"
)

const (
	defaultTimeout = 5 * time.Minute
	maxAnswer      = 64 << 20
)

// Options say which program to run and how. Format is required; so are Command and Args, but for Grype, which has its own arguments.
//
// In arguments and variables {image} stands for the repository and digest to scan, {platform} for the platform, and {registry} for the
// registry's host; in variables alone {username}, {password} and {token} stand for its credentials, and {insecure} for "true" if it speaks
// plain HTTP. An argument or variable with a placeholder for which there is nothing is left out.
type Options struct {
	Format   string            // grype, sarif or cyclonedx
	Command  string            // a path, or a name to find on PATH; "grype" by default for that format
	Args     []string          // of the program; not for Grype
	Env      map[string]string // variables of its environment; for Grype, besides its own
	Done     []int             // exit codes besides 0 that mean that it scanned: many programs have one for "found something"
	DBDir    string            // Grype: use the database in this folder as it is
	MaxDBAge time.Duration     // Grype: a database that was built longer ago is not used; 0 for any age
	Timeout  time.Duration     // of one scan; 5 minutes by default
	Now      func() time.Time  // what ages are counted from; time.Now by default
}

// Scanner runs a program for each scan. Safe for concurrent use.
type Scanner struct {
	options Options
	format  format

	updating sync.Mutex
	updated  time.Time // when Grype last looked for a newer database; guarded by updating
}

var _ scan.Scanner = (*Scanner)(nil)

// New returns a scanner. It runs nothing yet.
func New(o Options) (*Scanner, error) {
	f, ok := formats[o.Format]
	if !ok {
		return nil, assemble.Permanent("no format %q for a scanner's answer: one of %s", o.Format, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
	}
	if f.prepare != nil {
		if len(o.Args) > 0 {
			return nil, assemble.Permanent("a scanner that answers in %s is run with arguments of our own, not with %q", o.Format, o.Args)
		}
		f.prepare(&o)
	}
	switch {
	case o.Command == "":
		return nil, assemble.Permanent("a scanner that answers in %s needs a command", o.Format)
	case len(o.Args) == 0:
		return nil, assemble.Permanent("a scanner that answers in %s needs arguments; {image} stands for the image", o.Format)
	case o.MaxDBAge > 0 && !f.dated:
		return nil, assemble.Permanent("%s does not tell how old a scanner's database is, so max_db_age cannot be kept", o.Format)
	}
	for _, arg := range o.Args {
		for _, secret := range []string{"{username}", "{password}", "{token}"} {
			if strings.Contains(arg, secret) {
				return nil, assemble.Permanent("the argument %q would show credentials to everybody on the machine: give %s in a variable", arg, secret)
			}
		}
	}
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Scanner{options: o, format: f}, nil
}

// Scan implements scan.Scanner.
func (s *Scanner) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	found, err := s.scan(ctx, target)
	if err != nil {
		return scan.Report{}, assemble.Failed(target, err)
	}
	return assemble.Report(target, found), nil
}

func (s *Scanner) scan(ctx context.Context, target scan.Target) (found scan.Report, err error) {
	folder, err := process.NewFolder(os.Getenv)
	if err != nil {
		return scan.Report{}, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	r := run{scanner: s, target: target, folder: folder}
	answer, err := r.do(ctx, s.options.Args)
	if err != nil {
		return scan.Report{}, err
	}
	return s.format.read(ctx, &r, answer)
}

// run is one scan by a program.
type run struct {
	scanner *Scanner
	target  scan.Target
	folder  *process.Folder
}

// do runs the program with arguments and returns what it printed.
func (r *run) do(ctx context.Context, args []string) ([]byte, error) {
	o := r.scanner.options
	given := placeholders(r.target)
	p := process.Program{
		Command: o.Command, Done: o.Done, Timeout: o.Timeout, MaxOutput: maxAnswer, Secrets: []string{r.target.Access.Password, r.target.Access.Token},
	}
	for _, arg := range args {
		if filled, ok := given.fill(arg); ok {
			p.Args = append(p.Args, filled)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Env)) {
		if filled, ok := given.fill(o.Env[name]); ok {
			p.Env = append(p.Env, name+"="+filled)
		}
	}
	answer, err := process.Run(ctx, p, r.folder)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", o.Command, err)
	}
	return answer, nil
}

// substitutes are what placeholders stand for.
type substitutes map[string]string

func placeholders(target scan.Target) substitutes {
	access := target.Access
	host, _, _ := strings.Cut(access.Repository, "/")
	s := substitutes{
		"{image}": access.Repository + "@" + target.Digest, "{platform}": target.Platform, "{registry}": host,
		"{username}": access.Username, "{password}": access.Password, "{token}": access.Token, "{insecure}": "",
	}
	if access.Insecure {
		s["{insecure}"] = "true"
	}
	return s
}

// fill replaces placeholders, once: what takes their place is not read again. ok is false if there is nothing for one of them.
func (s substitutes) fill(text string) (filled string, ok bool) {
	var pairs []string
	for placeholder, value := range s {
		if value == "" && strings.Contains(text, placeholder) {
			return "", false
		}
		pairs = append(pairs, placeholder, value)
	}
	return strings.NewReplacer(pairs...).Replace(text), true
}
