package worker

import (
	"fmt"

	"github.com/anchore/grype/grype/db/v6/installation"
)

// Import installs a database from a file, or from an archive as Grype publishes them, in dir, in place of one that is there.
func Import(file, dir string) error {
	curator, err := installation.NewCurator(installation.Config{DBRootDir: dir}, nil)
	if err != nil {
		return err
	}
	if err := curator.Import(file); err != nil {
		return fmt.Errorf("import database %s: %w", file, err)
	}
	return nil
}
