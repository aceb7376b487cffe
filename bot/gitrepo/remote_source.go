package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/basebump/basebump/bot"
)

// maxEntries bounds the files of one commit, maxDepth its folders in each other.
const (
	maxEntries = 1_000_000
	maxDepth   = 64
)

// Source implements bot.Fleet: the files at repo.Head, which Repositories has brought here.
func (r *Remote) Source(repo bot.Repository) bot.Source {
	return &commitSource{r, plumbing.NewHash(repo.Head)}
}

type commitSource struct {
	remote *Remote
	head   plumbing.Hash
}

// Files implements bot.Source. Git orders a tree's entries as if folders ended in a slash, which is the order of whole paths.
func (s *commitSource) Files(ctx context.Context) ([]bot.File, error) {
	s.remote.mu.Lock()
	defer s.remote.mu.Unlock()
	commit, err := s.remote.repo.CommitObject(s.head)
	if err != nil {
		return nil, s.remote.failed("read "+s.head.String()+" of", err)
	}
	files, err := s.folder(ctx, nil, "", commit.TreeHash, 0)
	if err != nil {
		return nil, s.remote.failed("list files of", err)
	}
	return files, nil
}

func (s *commitSource) folder(ctx context.Context, files []bot.File, dir string, id plumbing.Hash, depth int) ([]bot.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if depth > maxDepth || len(files) > maxEntries {
		return nil, fmt.Errorf("there are more than %d files, or more than %d folders in each other", maxEntries, maxDepth)
	}
	tree, err := object.GetTree(s.remote.repo.Storer, id)
	if err != nil {
		return nil, err
	}
	for _, entry := range tree.Entries {
		switch entry.Mode {
		case filemode.Dir:
			if files, err = s.folder(ctx, files, dir+entry.Name+"/", entry.Hash, depth+1); err != nil {
				return nil, err
			}
		case filemode.Regular, filemode.Executable, filemode.Deprecated:
			size, err := s.remote.repo.Storer.EncodedObjectSize(entry.Hash)
			if err != nil {
				return nil, err
			}
			files = append(files, bot.File{Path: dir + entry.Name, Size: size, ID: entry.Hash.String()})
		}
	}
	return files, nil
}

// Read implements bot.Source.
func (s *commitSource) Read(ctx context.Context, file bot.File) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.remote.mu.Lock()
	defer s.remote.mu.Unlock()
	data, err := s.read(file)
	if err != nil {
		return nil, s.remote.failed("read "+file.Path+" of", err)
	}
	return data, nil
}

func (s *commitSource) read(file bot.File) ([]byte, error) {
	blob, err := s.remote.repo.BlobObject(plumbing.NewHash(file.ID))
	if err != nil {
		return nil, err
	}
	reader, err := blob.Reader()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(reader, file.Size+1))
	if err == nil && int64(len(data)) != file.Size {
		err = errors.New("it has another size than was listed")
	}
	return data, errors.Join(err, reader.Close())
}
