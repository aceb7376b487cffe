package bot

import (
	"context"
	"sync"

	"github.com/basebump/basebump/dockerfile/manifest"
)

// shelf is a source that keeps the files which others take values from. It is safe for concurrent use.
type shelf struct {
	Source
	files map[string]File // that may be read

	mu   sync.Mutex
	data map[string][]byte
}

func newShelf(source Source, files map[string]File) *shelf {
	return &shelf{Source: source, files: files, data: map[string][]byte{}}
}

// beside returns the bytes of a file that another one asks for; nil when there is none, or it is too large.
func (s *shelf) beside(ctx context.Context, path string) ([]byte, error) {
	file, ok := s.files[path]
	if !ok || file.Size > manifest.MaxSize {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if data, ok := s.data[path]; ok {
		return data, nil
	}
	data, err := s.Read(ctx, file)
	if err != nil {
		return nil, err
	}
	s.data[path] = data
	return data, nil
}

// kept returns what was read of a file; nil when it was not asked for.
func (s *shelf) kept(path string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data[path]
}
