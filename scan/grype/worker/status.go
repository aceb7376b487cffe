package worker

import (
	"fmt"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/spf13/afero"
)

// Status describes the database in dir, after a check that its file is as it was installed.
func Status(dir string) (wire.Database, error) {
	db, err := openDatabase(dir)
	if err != nil {
		return wire.Database{}, err
	}
	if err := db.Close(); err != nil {
		return wire.Database{}, err
	}
	files := afero.NewOsFs()
	noted, err := v6.ReadImportMetadata(files, db.info.Path)
	if err != nil {
		return db.info, nil // put there by hand: there is nothing to check it against
	}
	digest, err := v6.CalculateDBDigest(files, v6.Config{DBDirPath: db.info.Path}.DBFilePath())
	if err != nil {
		return wire.Database{}, err
	}
	if digest != noted.Digest {
		return wire.Database{}, unusable(db.info.Path, fmt.Errorf("its checksum is %s, it was installed with %s", digest, noted.Digest))
	}
	return db.info, nil
}
