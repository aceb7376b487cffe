package bot

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/dockerfile/manifest"
)

// Snapshot is what one repository, at one commit, holds that names images.
type Snapshot struct {
	Files map[string][]byte // the bytes of every file in which something was found, and of those that it was read with
	Read  int               // files looked into
	Kinds manifest.Set      // what the files were read as
	dockerfile.Extraction
}

// readers bounds how many files are read at once: enough to hide a forge's latency, few enough for its secondary limits.
const readers = 8

// Extract reads the files that can name images and finds the references. A file that cannot be read for good is a skipped line with
// the reason; a passing failure fails the whole repository, so that half a repository is never taken for all of it.
// reads says whether a file is looked into; nil: all are.
func Extract(ctx context.Context, source Source, reads func(path string) bool, kinds manifest.Set) (Snapshot, error) {
	snapshot := Snapshot{Files: map[string][]byte{}, Kinds: kinds}
	files, err := source.Files(ctx)
	switch {
	case err != nil && len(files) > 0 && lasting(err):
		snapshot.Skipped = append(snapshot.Skipped, dockerfile.Skipped{File: ".", Line: 1, Reason: "not all files could be listed: " + fault.Text(err)})
	case err != nil:
		return Snapshot{}, fmt.Errorf("list files: %w", err)
	}
	var worth []File
	all := map[string]File{}
	for _, file := range files {
		if reads != nil && !reads(file.Path) {
			continue
		}
		all[file.Path] = file
		if large, ok := kinds.TooLarge(file.Path, file.Size); ok {
			snapshot.Skipped = append(snapshot.Skipped, large)
		} else if kinds.MayHold(file.Path, file.Size) {
			worth = append(worth, file)
		}
	}
	if err := snapshot.read(ctx, newShelf(source, all), worth); err != nil {
		return Snapshot{}, err
	}
	snapshot.Extraction = manifest.Merge(snapshot.Extraction)
	return snapshot, nil
}

// read extracts the files, several at a time.
func (s *Snapshot) read(ctx context.Context, shelf *shelf, files []File) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, file := range files {
		group.Go(func() error {
			data, found, err := s.extract(ctx, shelf, file)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			s.Read++
			if len(found.References)+len(found.Skipped) > 0 {
				s.Files[file.Path] = data
				s.References = append(s.References, found.References...)
				s.Skipped = append(s.Skipped, found.Skipped...)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, ref := range s.References {
		for _, path := range append(ref.With, ref.File) {
			if s.Files[path] == nil {
				s.Files[path] = shelf.kept(path)
			}
		}
	}
	return nil
}

func (s *Snapshot) extract(ctx context.Context, shelf *shelf, file File) ([]byte, dockerfile.Extraction, error) {
	data, err := shelf.Read(ctx, file)
	var found dockerfile.Extraction
	if err == nil {
		found = s.Kinds.Extract(file.Path, data, func(path string) []byte {
			other, readErr := shelf.beside(ctx, path)
			if err == nil {
				err = readErr
			}
			return other
		})
	}
	switch {
	case err == nil:
		return data, found, nil
	case lasting(err):
		return nil, unread(file, "not read: "+fault.Text(err)), nil
	}
	return nil, dockerfile.Extraction{}, fmt.Errorf("read %s: %w", file.Path, err)
}

// lasting says that another try would end the same.
func lasting(err error) bool {
	class := fault.ClassOf(err)
	return class == fault.Permanent || class == fault.NotFound
}

func unread(file File, reason string) dockerfile.Extraction {
	return dockerfile.Extraction{Skipped: []dockerfile.Skipped{{File: file.Path, Line: 1, Reason: reason}}}
}
