package github

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// Source reads the repository at repo.Head. Trees and blobs are kept by their ids, so that what has not changed is read once.
func (c *Client) Source(repo bot.Repository) bot.Source { return &source{c, repo} }

type source struct {
	client *Client
	repo   bot.Repository
}

// Files implements bot.Source.
func (s *source) Files(ctx context.Context) ([]bot.File, error) {
	l, err := s.client.link(ctx, s.repo)
	if err != nil {
		return nil, err
	}
	entries, err := l.files(ctx)
	if err != nil {
		return nil, err
	}
	files := make([]bot.File, len(entries))
	for i, e := range entries {
		files[i] = bot.File{Path: e.path, Size: e.size, ID: e.id}
	}
	return files, nil
}

// Read implements bot.Source.
func (s *source) Read(ctx context.Context, file bot.File) ([]byte, error) {
	key := s.repo.String() + " " + file.ID
	if data, ok := s.client.blobs.get(key); ok {
		return data, nil
	}
	l, err := s.client.link(ctx, s.repo)
	if err != nil {
		return nil, err
	}
	data, err := l.blob(ctx, file)
	if err != nil {
		return nil, failed("read", s.repo.String()+"/"+file.Path, err)
	}
	s.client.blobs.put(key, data, len(data))
	return data, nil
}

func (l link) blob(ctx context.Context, file bot.File) ([]byte, error) {
	blob, _, err := l.read.Git.GetBlob(ctx, l.repo.Owner, l.repo.Name, file.ID)
	if err != nil {
		return nil, err
	}
	if blob.GetEncoding() != "base64" {
		return nil, &fault.Error{Class: fault.Permanent, Err: fmt.Errorf("the encoding is %q, not base64", blob.GetEncoding())}
	}
	data, err := base64.StdEncoding.DecodeString(blob.GetContent())
	if err == nil && blobID(data) != file.ID {
		err = errors.New("the bytes do not match their id")
	}
	return data, err
}

// blobID is the name that Git gives to a file's bytes.
func blobID(data []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "blob %d\x00", len(data))
	sum.Write(data)
	return hex.EncodeToString(sum.Sum(nil))
}
