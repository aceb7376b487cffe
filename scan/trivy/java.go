package trivy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/process"
)

// withoutArchives leaves out what Trivy cannot read without its Java database.
const withoutArchives = "--skip-files=**/*.jar,**/*.war,**/*.ear,**/*.par"

// scanImage has Trivy scan an image. Java archives need a second, large database, which is fetched when the first image has some: Trivy fails
// then as it fails for any other reason, so what fails is tried again without archives, and only if that goes well they are the reason.
func (s *Scanner) scanImage(ctx context.Context, folder *process.Folder, target scan.Target) ([]byte, error) {
	args := s.imageArgs(target)
	answer, err := s.match(ctx, folder, args, target.Access)
	if _, failed := errors.AsType[*process.ExitError](err); !failed || s.hasJava() {
		return answer, err
	}
	if _, other := s.match(ctx, folder, append([]string{args[0], withoutArchives}, args[1:]...), target.Access); other != nil {
		return nil, err
	}
	if !s.options.Fetch {
		return nil, &fault.Error{
			Class: fault.Permanent, Err: errors.New("the image has Java archives, which Trivy cannot read without its Java database"),
			Hint: fmt.Sprintf("run `trivy image --download-java-db-only --cache-dir %s`", s.options.CacheDir),
		}
	}
	if err := s.fetchJava(ctx); err != nil {
		return nil, err
	}
	return s.match(ctx, folder, args, target.Access)
}

func (s *Scanner) hasJava() bool {
	_, err := os.Stat(filepath.Join(s.options.CacheDir, "java-db", "metadata.json"))
	return err == nil
}

// fetchJava has Trivy fetch its Java database, unless another scan had it fetched meanwhile.
func (s *Scanner) fetchJava(ctx context.Context) error {
	s.using.Lock()
	defer s.using.Unlock()
	if s.hasJava() {
		return nil
	}
	if err := s.fetch(ctx, "--download-java-db-only"); err != nil {
		return fmt.Errorf("fetch Trivy's Java database: %w", err)
	}
	return nil
}
