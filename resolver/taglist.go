package resolver

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// TagList is a repository's tags in the registry's order. It keeps a million of them in some twenty megabytes.
type TagList struct {
	Cut string // why the list is not whole; empty when it is

	chunks []string // of tags, each followed by a newline
	count  int
	read   []string // beginnings of the tags that were read just now, where the others come from before; nil: all were
}

// NewTagList makes a list of tags, which hold no newline.
func NewTagList(tags ...string) TagList {
	var b tagBuilder
	for _, tag := range tags {
		b.add(tag)
	}
	return b.list()
}

// Len returns how many tags the list has.
func (l TagList) Len() int { return l.count }

// All yields the tags without copying them.
func (l TagList) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, chunk := range l.chunks {
			for chunk != "" {
				tag, rest, _ := strings.Cut(chunk, "\n")
				if !yield(tag) {
					return
				}
				chunk = rest
			}
		}
	}
}

// covers says whether all tags that begin with one of the prefixes are as the registry has them now.
func (l TagList) covers(prefixes []string) bool {
	if l.read == nil {
		return true
	}
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(l.read, func(read string) bool { return strings.HasPrefix(prefix, read) }) {
			return false
		}
	}
	return len(prefixes) > 0
}

// tail returns the last two tags of a list that has them.
func (l TagList) tail() (second, last string) {
	for _, chunk := range l.chunks[max(0, len(l.chunks)-2):] {
		for tag := range strings.SplitSeq(strings.TrimSuffix(chunk, "\n"), "\n") {
			second, last = last, tag
		}
	}
	return second, last
}

// chunkSize is small beside a long list, which is never copied as it grows, and large beside a short one.
const chunkSize = mib / 4

// tagBuilder grows a list within its bounds.
type tagBuilder struct {
	chunks   []string
	last     strings.Builder
	count    int
	bytes    int
	newest   string // the tag added last
	disorder bool   // the tags do not rise, byte by byte
	cut      string
}

// put adds a tag, or says that there is no room for it.
func (b *tagBuilder) put(tag string) error {
	if b.count == maxTags || b.bytes+len(tag) >= maxTagBytes {
		b.cut = fmt.Sprintf("only the first %d tags were read", b.count)
		return errEnough
	}
	b.add(tag)
	return nil
}

func (b *tagBuilder) add(tag string) {
	if b.last.Len()+len(tag) >= chunkSize {
		b.flush()
		b.last.Grow(chunkSize)
	}
	b.disorder = b.disorder || (b.count > 0 && tag <= b.newest)
	b.newest = tag
	b.last.WriteString(tag)
	b.last.WriteByte('\n')
	b.count++
	b.bytes += len(tag) + 1
}

func (b *tagBuilder) flush() {
	if b.last.Len() > 0 {
		b.chunks = append(b.chunks, b.last.String())
		b.last.Reset()
	}
}

func (b *tagBuilder) list() TagList {
	b.flush()
	return TagList{chunks: b.chunks, count: b.count, Cut: b.cut}
}
