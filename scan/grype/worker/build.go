package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/OneOfOne/xxhash"
	"github.com/anchore/grype/grype/db"
	"github.com/anchore/grype/grype/db/provider"
	v6 "github.com/anchore/grype/grype/db/v6"
)

const (
	maxResult = 64 << 20 // bytes of one file of advisories
	listing   = "listing.xxh64"
)

// Build makes a database from provider folders, from/<provider>/results/**.json, and installs it in to, in place of one that is there. A
// provider's own metadata.json says when its data was captured and which files belong to it; without one, the data is of now.
func Build(ctx context.Context, from, to string, now time.Time) error {
	work, err := os.MkdirTemp("", "basebump-db-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	states, err := providers(from, work, now)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	made := filepath.Join(work, "database")
	if err := os.Mkdir(made, 0o700); err != nil {
		return err
	}
	err = db.Build(db.BuildConfig{
		SchemaVersion: v6.ModelVersion, Directory: made, States: states, Timestamp: now,
		IncludeCPEParts: []string{"a", "h", "o"}, InferNVDFixVersions: true,
	})
	if err != nil {
		return fmt.Errorf("build database from %s: %w", from, err)
	}
	file := filepath.Join(made, v6.VulnerabilityDBFileName)
	if err := stamp(file, now); err != nil {
		return fmt.Errorf("date database: %w", err)
	}
	return Import(file, to)
}

// stamp sets the build time, which the builder takes from the machine's clock.
func stamp(file string, now time.Time) (err error) {
	handle, err := v6.NewLowLevelDB(file, false, true, false)
	if err != nil {
		return err
	}
	connection, err := handle.DB()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	return handle.Model(&v6.DBMetadata{}).Where("true").Update("build_timestamp", now.UTC().Round(time.Second)).Error
}

// providers reads the state of every provider folder, in the order of their names.
func providers(from, work string, now time.Time) (provider.States, error) {
	found, err := os.ReadDir(from)
	if err != nil {
		return nil, fmt.Errorf("read providers: %w", err)
	}
	var states provider.States
	for _, entry := range found {
		dir := filepath.Join(from, entry.Name())
		if _, err := os.Stat(filepath.Join(dir, "results")); !entry.IsDir() || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		meta := filepath.Join(dir, "metadata.json")
		if _, err := os.Stat(meta); errors.Is(err, fs.ErrNotExist) {
			if meta, err = describeProvider(entry.Name(), dir, filepath.Join(work, entry.Name()), now); err != nil {
				return nil, fmt.Errorf("read provider %s: %w", entry.Name(), err)
			}
		}
		state, err := provider.ReadState(meta)
		if err == nil {
			err = state.Verify()
		}
		if err != nil {
			return nil, fmt.Errorf("read provider %s: %w", entry.Name(), err)
		}
		states = append(states, *state)
	}
	if len(states) == 0 {
		return nil, fmt.Errorf("no provider in %s: expected <provider>/results/**.json", from)
	}
	return states, nil
}

// describeProvider writes what a provider folder without metadata lacks, in a folder of our own, and returns the metadata's path.
func describeProvider(name, dir, to string, now time.Time) (string, error) {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return "", err
	}
	files, err := list(dir, to)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(to, listing), files, 0o600); err != nil {
		return "", err
	}
	meta, err := json.Marshal(provider.State{
		Provider: name, Version: 1, DistributionVersion: 1, Processor: "basebump", Store: "flat-file", Timestamp: now.UTC(),
		Listing: &provider.File{Path: listing, Digest: fmt.Sprintf("%016x", xxhash.Checksum64(files)), Algorithm: "xxh64"},
	})
	if err != nil {
		return "", err
	}
	at := filepath.Join(to, "metadata.json")
	return at, os.WriteFile(at, meta, 0o600)
}

// list names a provider's results with their hashes, relative to the folder that the list will lie in.
func list(dir, to string) ([]byte, error) {
	var lines []byte
	err := filepath.WalkDir(filepath.Join(dir, "results"), func(at string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || filepath.Ext(at) != ".json" {
			return err
		}
		data, err := readBounded(at, maxResult)
		if err != nil {
			return err
		}
		absolute, err := filepath.Abs(at)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(to, absolute)
		if err != nil {
			return err
		}
		lines = fmt.Appendf(lines, "%016x  %s\n", xxhash.Checksum64(data), relative)
		return nil
	})
	return lines, err
}

func readBounded(at string, limit int64) ([]byte, error) {
	info, err := os.Stat(at)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s has %d MiB, above the bound of %d", at, info.Size()>>20, limit>>20)
	}
	return os.ReadFile(at)
}
