package resolver

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"
)

// Shelf keeps tag lists from one cycle to the next, as bytes that only this package reads. It may lose them. Safe for concurrent use.
type Shelf interface {
	// TagList returns what was kept for an image; nil when nothing was.
	TagList(ctx context.Context, image string) ([]byte, error)
	SaveTagList(ctx context.Context, image string, list []byte, now time.Time) error
}

// keptLife is how long parts of a kept list are believed that nobody has looked at since: a tag that was removed, or that a registry
// put where none was expected, is noticed after it.
const keptLife = 6 * time.Hour

const maxETag = 256

// order is how a registry lists tags.
type order string

const (
	unordered order = ""        // or not known: only the whole list will do
	sorted    order = "sorted"  // byte by byte
	watched   order = "watched" // not that, and it has not grown yet
	pushed    order = "pushed"  // the newest at the end, as it has grown there alone
)

// keptList is a list with what makes it worth keeping.
type keptList struct {
	TagList
	whole time.Time // when it was read whole; zero: there is none
	pages int
	etag  string // of a list of one page, which tells that it is still the same
	order order  // of a list of several pages

	refused bool // its registry did not read on as the order promises: until it is forgotten, nothing but the whole will do
}

// newKeptList judges a list that was read whole. In one page nothing is saved by reading a part; one that was cut cannot be told from
// its beginning.
func newKeptList(tags *tagBuilder, read *pages, now time.Time) keptList {
	kept := keptList{TagList: tags.list(), whole: now, pages: read.read}
	switch {
	case tags.cut != "":
	case read.read == 1 && len(read.etag) <= maxETag:
		kept.etag = read.etag
	case read.read > 1 && tags.disorder:
		kept.order = watched
	case read.read > 1:
		kept.order = sorted
	}
	return kept
}

// fresh says whether parts of the list are still believed.
func (k keptList) fresh(now time.Time) bool {
	return !k.whole.After(now) && now.Before(k.whole.Add(keptLife))
}

// learn takes from how a list has grown since it was kept where its registry puts what is new.
func (k *keptList) learn(before keptList) {
	if k.order != watched || (before.order != watched && before.order != pushed) {
		return
	}
	switch grown, atEnd := grew(before.TagList, k.TagList); {
	case !atEnd:
		k.refused = true
	case grown > 0 || before.order == pushed:
		k.order = pushed
	}
}

// repeats says that a list is no news to who has the other.
func (k keptList) repeats(before keptList) bool {
	return k.order == before.order && k.etag == before.etag && k.refused == before.refused && slices.Equal(k.chunks, before.chunks)
}

// useful says whether the next reading can be shorter for it.
func (k keptList) useful() bool { return !k.refused && (k.etag != "" || k.order != unordered) }

// recall returns what was kept of an image's tags. What cannot be read is as good as nothing.
func (c *Client) recall(ctx context.Context, image string) keptList {
	raw, err := c.shelf.TagList(ctx, image)
	if err != nil || raw == nil {
		return keptList{}
	}
	kept, err := decodeKept(raw)
	if err != nil || (!kept.fresh(c.now()) && (kept.refused || kept.order == unordered)) {
		return keptList{}
	}
	return kept
}

// keep is a favour to the next cycle: this one has its list, and goes on without.
func (c *Client) keep(ctx context.Context, image string, list keptList) {
	if raw, err := list.encode(); err == nil {
		_ = c.shelf.SaveTagList(ctx, image, raw, c.now())
	}
}

// keptHead is the first line of a kept list; its tags follow, one a line, in the order of the registry.
type keptHead struct {
	Whole time.Time `json:"whole"`
	Pages int       `json:"pages"`
	ETag  string    `json:"etag,omitempty"`
	Order order     `json:"order,omitempty"`

	Refused bool `json:"refused,omitempty"`
}

func (k keptList) encode() ([]byte, error) {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	head := keptHead{Whole: k.whole, Refused: true}
	if k.useful() {
		head = keptHead{Whole: k.whole, Pages: k.pages, ETag: k.etag, Order: k.order}
	}
	err = json.NewEncoder(zip).Encode(head)
	for _, chunk := range k.chunks {
		if !head.Refused {
			_, failed := io.WriteString(zip, chunk)
			err = errors.Join(err, failed)
		}
	}
	err = errors.Join(err, zip.Close())
	return packed.Bytes(), err
}

func decodeKept(packed []byte) (keptList, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return keptList{}, err
	}
	lines := bufio.NewReader(io.LimitReader(zip, maxTagBytes+mib))
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return keptList{}, err
	}
	var head keptHead
	if err := json.Unmarshal(first, &head); err != nil {
		return keptList{}, err
	}
	list, err := readLines(lines)
	return keptList{TagList: list, whole: head.Whole, pages: head.Pages, etag: head.ETag, order: head.Order, refused: head.Refused}, err
}

// readLines reads a list of tags, one a line, in chunks of whole lines.
func readLines(r io.Reader) (TagList, error) {
	var list TagList
	buffer := make([]byte, chunkSize)
	begun := 0 // bytes of a line whose end was not read yet
	for {
		n, err := io.ReadFull(r, buffer[begun:])
		have := buffer[:begun+n]
		end := bytes.LastIndexByte(have, '\n') + 1
		if end > 0 {
			list.chunks = append(list.chunks, string(have[:end]))
			list.count += bytes.Count(have[:end], []byte("\n"))
		}
		begun = copy(buffer, have[end:])
		switch {
		case err == nil && begun == len(buffer), err != nil && begun > 0:
			return TagList{}, io.ErrUnexpectedEOF
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return list, nil
		case err != nil:
			return TagList{}, err
		}
	}
}
