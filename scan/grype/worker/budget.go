package worker

import (
	"cmp"
	"fmt"
	"io"
	"sync/atomic"
)

// Bounds of one image. An image above one of them is a failed scan that says so.
const (
	maxManifest = 4 << 20
	maxConfig   = 8 << 20
	maxLayers   = 500
	maxPacked   = 16 << 30 // bytes of all layers as they are stored
	maxUnpacked = 64 << 30 // bytes of all layers unpacked; nothing of this is stored
	maxEntries  = 600_000  // names in all layers
	maxKept     = 512 << 20
	maxFile     = 384 << 20 // of one file that has to be read whole
	maxCached   = 256 << 20 // bytes of layers kept for the next image
)

// budget is what is left for one image; its layers are read at the same time.
type budget struct {
	unpacked, entries, kept allowance
	file                    int64
}

func newBudget() *budget {
	return &budget{
		unpacked: allowance{what: "bytes unpacked", limit: maxUnpacked},
		entries:  allowance{what: "files", limit: maxEntries},
		kept:     allowance{what: "bytes of package data", limit: maxKept},
		file:     maxFile,
	}
}

// usage is what a layer took of a budget.
type usage struct {
	unpacked, entries, kept int64
}

// bytes estimates what a layer holds in memory.
func (u usage) bytes() int64 { return u.kept + 256*u.entries }

// charge takes what a layer took when it was read, for one that was read before.
func (b *budget) charge(u usage) error {
	return cmp.Or(b.unpacked.take(u.unpacked), b.entries.take(u.entries), b.kept.take(u.kept))
}

// release gives back what a layer took that is read again.
func (b *budget) release(u usage) {
	b.unpacked.used.Add(-u.unpacked)
	b.entries.used.Add(-u.entries)
	b.kept.used.Add(-u.kept)
}

type allowance struct {
	what  string
	limit int64
	used  atomic.Int64
}

func (a *allowance) take(n int64) error {
	if a.used.Add(n) > a.limit {
		return permanent(fmt.Errorf("the image has more than %d %s", a.limit, a.what))
	}
	return nil
}

// meter counts what is unpacked.
type meter struct {
	io.Reader
	budget *budget
	n      int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.n += int64(n)
	if over := m.budget.unpacked.take(int64(n)); over != nil {
		return n, over
	}
	return n, err
}
