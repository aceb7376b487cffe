package trivy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/config/fault"
)

const (
	schema  = 2
	patient = time.Hour        // Trivy itself does not fetch again within this time
	pause   = 10 * time.Minute // after fetching was tried in vain
)

// metadata is what stands beside a database, in Trivy's words.
type metadata struct {
	Version      int
	NextUpdate   time.Time
	UpdatedAt    time.Time // when it was built
	DownloadedAt time.Time
}

// database describes the database on this machine, after having it fetched if it is missing or due. One that could not be fetched anew is
// used as it is: whether it is young enough is judged by its age.
func (s *Scanner) database(ctx context.Context) (metadata, error) {
	db, err := s.readMetadata()
	if !s.options.Fetch || !s.due(db, err) {
		return db, err
	}
	s.using.Lock()
	defer s.using.Unlock()
	db, err = s.readMetadata() // another scan may have had it fetched
	now := s.options.Now()
	if !s.due(db, err) || err == nil && now.Sub(s.tried) < pause {
		return db, err
	}
	s.tried = now
	failed := s.fetch(ctx, "--download-db-only")
	if failed == nil && s.hasJava() {
		failed = s.fetch(ctx, "--download-java-db-only") // which does nothing before that one is due
	}
	if err == nil && failed != nil && ctx.Err() == nil {
		return db, nil
	}
	if failed != nil {
		return metadata{}, fmt.Errorf("fetch Trivy's database: %w", failed)
	}
	return s.readMetadata()
}

// fetch has Trivy fetch a database. No scan is running meanwhile.
func (s *Scanner) fetch(ctx context.Context, which string) error {
	_, err := s.runAlone(ctx, "image", which, "--quiet", "--no-progress", "--cache-dir="+s.options.CacheDir)
	return err
}

func (s *Scanner) due(db metadata, err error) bool {
	if err != nil {
		return true
	}
	now := s.options.Now()
	return now.After(db.NextUpdate) && now.Sub(db.DownloadedAt) > patient
}

func (s *Scanner) readMetadata() (metadata, error) {
	data, err := os.ReadFile(filepath.Join(s.options.CacheDir, "db", "metadata.json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return metadata{}, &fault.Error{
			Class: fault.Retry, Err: fmt.Errorf("no vulnerability database in %s", s.options.CacheDir), Hint: s.remedy(),
		}
	case err != nil:
		return metadata{}, fmt.Errorf("read what Trivy says of its database: %w", err)
	}
	var db metadata
	if err := json.Unmarshal(data, &db); err != nil {
		return metadata{}, &fault.Error{Class: fault.Retry, Err: fmt.Errorf("read what Trivy says of its database: %w", err), Hint: s.remedy()}
	}
	return db, nil
}

func (s *Scanner) remedy() string {
	return fmt.Sprintf("run `trivy image --download-db-only --cache-dir %s`", s.options.CacheDir)
}
