package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	v6 "github.com/anchore/grype/grype/db/v6"
	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/grype/grype/vulnerability"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/grype/wire"
)

const getDatabase = "run `basebump db update`, or give `scanners[0].db_dir`"

// database is a vulnerability database that is open for reading.
type database struct {
	reader   v6.Reader
	provider vulnerability.Provider
	info     wire.Database
}

// folder returns where a database lies: in the folder itself, or below it by its schema, as Grype's own cache has it.
func folder(dir string) (string, error) {
	for _, d := range []string{filepath.Join(dir, strconv.Itoa(v6.ModelVersion)), dir} {
		_, err := os.Stat(filepath.Join(d, v6.VulnerabilityDBFileName))
		if err == nil {
			return d, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("open vulnerability database: %w", err)
		}
	}
	return "", &fault.Error{Class: fault.Retry, Err: fmt.Errorf("no vulnerability database in %s", dir), Hint: getDatabase}
}

func openDatabase(dir string) (*database, error) {
	at, err := folder(dir)
	if err != nil {
		return nil, err
	}
	reader, err := v6.NewReader(v6.Config{DBDirPath: at})
	if err != nil {
		return nil, unusable(at, err)
	}
	info, err := describe(at, reader)
	if err != nil {
		return nil, errors.Join(unusable(at, err), reader.Close())
	}
	return &database{reader: reader, provider: v6.NewVulnerabilityProvider(remember(reader)), info: info}, nil
}

func unusable(at string, err error) error {
	return &fault.Error{Op: "open vulnerability database", Target: at, Class: fault.Retry, Err: err, Hint: getDatabase}
}

func describe(at string, reader v6.Reader) (wire.Database, error) {
	meta, err := reader.GetDBMetadata()
	if err != nil {
		return wire.Database{}, err
	}
	if meta == nil || meta.BuildTimestamp == nil {
		return wire.Database{}, errors.New("it does not say when it was built")
	}
	providers, err := reader.AllProviders()
	if err != nil {
		return wire.Database{}, err
	}
	info := wire.Database{
		Path: at, Built: meta.BuildTimestamp.UTC(),
		Schema: fmt.Sprintf("%d.%d.%d", meta.Model, meta.Revision, meta.Addition),
	}
	for _, p := range providers {
		var captured time.Time
		if p.DateCaptured != nil {
			captured = p.DateCaptured.UTC()
		}
		info.Providers = append(info.Providers, wire.Provider{Name: p.ID, Captured: captured})
	}
	return info, nil
}

// covers tells whether the database holds advisories for a distribution, found in the same way as when packages are matched.
func (d *database) covers(of *distro.Distro) (bool, error) {
	if of == nil {
		return false, nil
	}
	known, err := d.reader.GetOperatingSystems(v6.OSSpecifier{
		Name: of.Name(), MajorVersion: of.MajorVersion(), MinorVersion: of.MinorVersion(),
		RemainingVersion: of.RemainingVersion(), LabelVersion: of.LabelVersion(),
	})
	if errors.Is(err, v6.ErrMissingOSIdentification) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read vulnerability database: %w", err)
	}
	return len(known) > 0, nil
}

func (d *database) Close() error { return d.provider.Close() }
