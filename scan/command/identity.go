package command

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/process"
)

// undated is for how long is good what a program found that does not tell the age of its data. Grype looks for a newer database as often.
const undated = time.Hour

// Identity returns the program's name and version and when its database was built. For a program whose answers do not tell, the name is
// that of its file, and the hour stands for the database.
func (s *Scanner) Identity(ctx context.Context) (tool scan.Tool, built time.Time, err error) {
	if s.format.identify == nil {
		return scan.Tool{Name: filepath.Base(s.options.Command)}, s.options.Now().UTC().Truncate(undated), nil
	}
	folder, err := process.NewFolder(os.Getenv)
	if err != nil {
		return scan.Tool{}, time.Time{}, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	return s.format.identify(ctx, &run{scanner: s, folder: folder})
}

// identifyGrype asks Grype, after it has looked for a newer database unless it is to use the one that there is.
func identifyGrype(ctx context.Context, r *run) (scan.Tool, time.Time, error) {
	if err := r.scanner.update(ctx, r); err != nil {
		return scan.Tool{}, time.Time{}, err
	}
	var program struct{ Application, Version string }
	if err := r.query(ctx, &program, "version", "--output=json"); err != nil {
		return scan.Tool{}, time.Time{}, err
	}
	var database struct{ Built time.Time }
	if err := r.query(ctx, &database, "db", "status", "--output=json"); err != nil {
		return scan.Tool{}, time.Time{}, err
	}
	o := r.scanner.options
	err := assemble.Fresh(database.Built, o.MaxDBAge, o.Now(), updateGrype)
	return scan.Tool{Name: program.Application, Version: program.Version}, database.Built.UTC(), err
}

// update has Grype look for a newer database once in a while. That it cannot is no error: what counts is how old the one is that it has.
func (s *Scanner) update(ctx context.Context, r *run) error {
	if s.options.DBDir != "" {
		return nil
	}
	s.updating.Lock()
	defer s.updating.Unlock()
	if now := s.options.Now(); now.Sub(s.updated) >= undated {
		_, _ = r.do(ctx, []string{"db", "update"})
		s.updated = now
	}
	return ctx.Err()
}

// query decodes what the program prints as JSON.
func (r *run) query(ctx context.Context, v any, args ...string) error {
	answer, err := r.do(ctx, args)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return assemble.Permanent("decode what %s says of itself: %w", r.scanner.options.Command, err)
	}
	return nil
}
