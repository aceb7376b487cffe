// Package trivy scans with Trivy: with its command line and a database on this machine, or with its command line and the database of a
// Trivy server.
//
// Trivy pulls the image itself, in either case from this machine. Registry credentials reach it through its environment and standard
// input, and only in runs that talk to no other registry: a database is fetched by a run of its own. Nothing of Trivy is linked.
package trivy

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/process"
)

const defaultTimeout = 5 * time.Minute

// Options say where Trivy is. CacheDir and Now are required.
type Options struct {
	Command  string        // a path, or a name to find on PATH; "trivy" by default
	CacheDir string        // what Trivy calls so: its database is in the folder "db" there
	Fetch    bool          // have Trivy fetch its database into CacheDir when there is none or the next is due
	Server   string        // URL of a Trivy server, which then has the database
	Token    string        // of the server; empty without one
	MaxDBAge time.Duration // a database that was built longer ago is not used; 0 for any age
	Timeout  time.Duration // of one scan; 5 minutes by default
	HTTP     *http.Client  // reaches the server; http.DefaultClient by default
	Now      func() time.Time
}

// Scanner runs Trivy for each scan. Safe for concurrent use.
type Scanner struct {
	options Options
	program program
	using   sync.RWMutex // the databases: scans read them, fetching writes them
	tried   time.Time    // when fetching was last tried; guarded by using
	covered coverage
}

var _ scan.Scanner = (*Scanner)(nil)

// New returns a scanner. It runs nothing yet.
func New(o Options) *Scanner {
	o.Command = cmp.Or(o.Command, "trivy")
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	o.HTTP = cmp.Or(o.HTTP, http.DefaultClient)
	return &Scanner{options: o}
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
	tool, db, err := s.identity(ctx)
	if err != nil {
		return scan.Report{}, err
	}
	folder, err := process.NewFolder(os.Getenv)
	if err != nil {
		return scan.Report{}, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	answer, err := s.scanImage(ctx, folder, target)
	if err != nil {
		return scan.Report{}, err
	}
	document, err := decode(answer)
	if err != nil {
		return scan.Report{}, err
	}
	if found, err = document.read(); err != nil {
		return scan.Report{}, err
	}
	found.Scanner, found.DatabaseBuilt = tool, db.UpdatedAt
	if err := assemble.Recognised(found); err != nil {
		return scan.Report{}, err
	}
	return found, s.cover(ctx, folder, document, db)
}

// Identity returns Trivy's version and when its database was built, after the same checks as before a scan. With a server, both are the
// server's: it is there that packages meet advisories.
func (s *Scanner) Identity(ctx context.Context) (scan.Tool, time.Time, error) {
	tool, db, err := s.identity(ctx)
	return tool, db.UpdatedAt.UTC(), err
}

func (s *Scanner) identity(ctx context.Context) (tool scan.Tool, db metadata, err error) {
	tool.Name = "trivy"
	hint := ""
	if s.options.Server != "" {
		hint = "see why the Trivy server does not update its database, or raise `max_db_age`"
		tool.Version, db, err = s.askServer(ctx)
	} else {
		hint = s.remedy() + ", or raise `max_db_age`"
		if tool.Version, err = s.version(ctx); err == nil {
			db, err = s.database(ctx)
		}
	}
	if err != nil {
		return scan.Tool{}, metadata{}, err
	}
	if db.Version != schema {
		return scan.Tool{}, metadata{}, assemble.Permanent("Trivy's database has schema %d, not %d", db.Version, schema)
	}
	return tool, db, assemble.Fresh(db.UpdatedAt, s.options.MaxDBAge, s.options.Now(), hint)
}
