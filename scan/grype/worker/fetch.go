package worker

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/basebump/basebump/config/fault"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/klauspost/compress/zstd"
	"github.com/klauspost/pgzip"
	"golang.org/x/sync/errgroup"
)

const (
	parallelLayers = 2
	zstdMemory     = 128 << 20 // the window that the zstd command itself accepts
)

// fetch reads an image's layers, lowest first; those that were read for an earlier image come from the cache.
func (s *Scanner) fetch(ctx context.Context, layers []v1.Layer, b *budget) ([]*layer, error) {
	read := make([]*layer, len(layers))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelLayers)
	for i, l := range layers {
		group.Go(func() (err error) {
			read[i], err = s.layer(ctx, l, b)
			return err
		})
	}
	return read, group.Wait()
}

func (s *Scanner) layer(ctx context.Context, stored v1.Layer, b *budget) (*layer, error) {
	digest, err := stored.Digest()
	if err != nil {
		return nil, permanent(err)
	}
	if l, ok := s.cache.get(digest); ok {
		return l, b.charge(l.cost)
	}
	l, err := s.unpack(ctx, stored, &reader{wanted: s.wanted, inspect: s.inspect, budget: b})
	if err == nil && len(l.missed) > 0 {
		b.release(l.cost)
		l, err = s.unpack(ctx, stored, &reader{wanted: s.wanted, inspect: s.inspect, budget: b, extra: l.missed})
	}
	if err != nil {
		return nil, err
	}
	s.cache.put(digest, l)
	return l, nil
}

// unpack streams a layer through a reader. A stream that does not unpack was damaged on its way when its digest is wrong, which may pass, and
// in the registry when it is right, which does not.
func (s *Scanner) unpack(ctx context.Context, stored v1.Layer, r *reader) (*layer, error) {
	body, err := stored.Compressed()
	if err != nil {
		return nil, classify(fmt.Errorf("read layer: %w", err))
	}
	defer body.Close()
	defer context.AfterFunc(ctx, func() { _ = body.Close() })() // a read that waits does not see that another layer failed
	archive, release, err := decompress(body)
	if err != nil {
		return nil, blame(body, err)
	}
	l, err := r.read(ctx, archive)
	if err == nil {
		_, err = io.Copy(io.Discard, &meter{Reader: archive, budget: r.budget})
		if err != nil {
			err = broken(err)
		}
	}
	release() // it reads ahead, and what is left of the body is ours
	if err != nil {
		return nil, blame(body, err)
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return nil, classify(fmt.Errorf("read layer: %w", err))
	}
	return l, nil
}

// blame reads the stream to its end, where its digest is checked.
func blame(body io.Reader, err error) error {
	if fault.ClassOf(err) != fault.Unknown {
		return err
	}
	if _, readErr := io.Copy(io.Discard, body); readErr != nil {
		return classify(fmt.Errorf("read layer: %w", readErr))
	}
	return permanent(err)
}

// decompress looks at the first bytes: media types are often wrong.
func decompress(body io.Reader) (archive io.Reader, release func(), err error) {
	buffered := bufio.NewReaderSize(body, 64<<10)
	magic, err := buffered.Peek(4)
	if err != nil && err != io.EOF {
		return nil, nil, fmt.Errorf("read layer: %w", err)
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		unpacked, err := pgzip.NewReader(buffered) // unpacks on one processor while the archive is looked through on another
		if err != nil {
			return nil, nil, broken(err)
		}
		return unpacked, func() { _ = unpacked.Close() }, nil // it reports no error that reading did not
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		unpacked, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdMemory))
		if err != nil {
			return nil, nil, broken(err)
		}
		return unpacked, unpacked.Close, nil
	}
	return buffered, func() {}, nil
}
