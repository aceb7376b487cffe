package manifest

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// MayHold reports whether a file is worth reading, by its path and size alone. A file that only its size rules out is
// described by TooLarge.
func (s Set) MayHold(path string, size int64) bool {
	if size <= 0 || size > MaxSize {
		return false
	}
	for range s.of(path) {
		return true
	}
	return false
}

// TooLarge describes a file that is not read because of its size alone.
func (s Set) TooLarge(path string, size int64) (skipped dockerfile.Skipped, ok bool) {
	if size <= MaxSize {
		return dockerfile.Skipped{}, false
	}
	for kind := range s.of(path) {
		reason := fmt.Sprintf("the file has %d MiB; files over %d MiB are not read", size>>20, MaxSize>>20)
		skipped, ok = dockerfile.Skipped{File: path, Line: 1, Kind: kind.Name, Reason: reason}, true
		if kind.alone {
			break
		}
	}
	return skipped, ok
}

// of are the kinds that a file of this path may be of.
func (s Set) of(path string) iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		if strings.Contains(path, "node_modules/") {
			return // other people's files
		}
		for _, all := range [][]Kind{s.custom, kinds} {
			for _, kind := range all {
				if kind.match(path) && !yield(kind) {
					return
				}
			}
		}
	}
}

// Extract finds the references of one file, whatever its kind, in file order, and those of files that it brings in. beside, which may
// be nil, gives the files that it takes values from. It never fails: what cannot be read is Skipped with a reason. "basebump: ignore"
// comments are noted on the references; see dockerfile.Extraction.Heed. See Merge for more files than one.
func (s Set) Extract(path string, data []byte, beside Beside) dockerfile.Extraction {
	if skipped, ok := s.TooLarge(path, int64(len(data))); ok {
		return dockerfile.Extraction{Skipped: []dockerfile.Skipped{skipped}}
	}
	file := newDocument(path, data, beside)
	var out, brought dockerfile.Extraction
	var last *reader
	taken := map[int]bool{}
	for kind := range s.of(path) {
		if kind.holds != nil && !kind.holds(file) {
			continue
		}
		last = &reader{Document: file, kind: kind.Name, seen: map[*yaml.Node]bool{}}
		kind.readInto(last)
		for _, ref := range last.placed() {
			if !taken[ref.Start] {
				taken[ref.Start] = true
				out.References = append(out.References, ref)
			}
		}
		out.Skipped = append(out.Skipped, last.out.Skipped...)
		brought.References = append(brought.References, last.brought.References...)
		brought.Skipped = append(brought.Skipped, last.brought.Skipped...)
		if kind.alone {
			break
		}
	}
	if last != nil && file.err != nil {
		out.Skipped = append(out.Skipped, last.broken(file.err)...)
	}
	slices.SortStableFunc(out.References, func(a, b dockerfile.Reference) int { return cmp.Compare(a.Start, b.Start) })
	slices.SortStableFunc(out.Skipped, func(a, b dockerfile.Skipped) int { return cmp.Compare(a.Line, b.Line) })
	out.References = append(out.References, brought.References...)
	out.Skipped = append(out.Skipped, brought.Skipped...)
	return out
}

// brokeParser is why a file is skipped that a parser panics at. The parsers are other people's, and one file must not end the reading of
// all others.
const brokeParser = "it breaks the parser"

// readInto gathers the references.
func (k Kind) readInto(r *reader) {
	defer func() {
		if recover() != nil {
			r.out, r.brought = dockerfile.Extraction{}, dockerfile.Extraction{}
			r.unreadable(brokeParser)
		}
	}()
	k.read(r)
}
