package worker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/anchore/grype/grype/db/v6/installation"
)

// Import installs a database in dir, in place of one that is there: from a database file (*.db), or from an archive as Grype publishes them.
// Until the new one is complete the old one stays; a failed import leaves nothing behind.
func Import(file, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("import database: %w", err)
	}
	stage, err := os.MkdirTemp(dir, ".import-")
	if err != nil {
		return fmt.Errorf("import database: %w", err)
	}
	defer os.RemoveAll(stage)
	curator, err := installation.NewCurator(installation.Config{DBRootDir: stage}, nil)
	if err != nil {
		return err
	}
	if err := curator.Import(file); err != nil {
		return permanent(fmt.Errorf("import database %s: %w", file, err))
	}
	made, err := openDatabase(stage)
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return fmt.Errorf("import database %s: %w", file, err)
	}
	return swap(stage, dir)
}

// swap moves the database that was made in stage to where it is used.
func swap(stage, dir string) error {
	schema := strconv.Itoa(v6.ModelVersion)
	current := filepath.Join(dir, schema)
	if err := os.Rename(current, filepath.Join(stage, "old")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace database: %w", err)
	}
	if err := os.Rename(filepath.Join(stage, schema), current); err != nil {
		return fmt.Errorf("replace database: %w", err)
	}
	return nil
}
