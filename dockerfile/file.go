package dockerfile

import (
	"bytes"
	"slices"
)

// File is one file's bytes with an index of its lines. It is not changed after NewFile.
type File struct {
	Path string // slash-separated, relative to the repository's root
	Data []byte

	lines  []int // the offset at which each line starts
	marked bool  // some comment speaks to basebump
}

// NewFile indexes data, which must not be changed afterwards. Lines end with a line feed.
func NewFile(path string, data []byte) *File {
	lines := make([]int, 1, 1+bytes.Count(data, []byte{'\n'}))
	for at, c := range data {
		if c == '\n' {
			lines = append(lines, at+1)
		}
	}
	return &File{Path: path, Data: data, lines: lines, marked: bytes.Contains(data, []byte(ignoreMark))}
}

// Position returns the line and the column, in bytes, of an offset; both count from 1.
func (f *File) Position(offset int) (line, column int) {
	n, found := slices.BinarySearch(f.lines, offset)
	if found {
		n++
	}
	return n, offset - f.lines[n-1] + 1
}

// Line returns the bytes of line n, counted from 1, without its line ending; empty outside the file.
func (f *File) Line(n int) Span {
	if n < 1 || n > len(f.lines) {
		return Span{}
	}
	start, end := f.lines[n-1], len(f.Data)
	if n < len(f.lines) {
		end = f.lines[n]
	}
	return Span{Start: start, End: start + len(bytes.TrimRight(f.Data[start:end], "\r\n"))}
}

// Holds reports whether span lies within the file and spells value.
func (f *File) Holds(span Span, value string) bool {
	return 0 <= span.Start && span.Start <= span.End && span.End <= len(f.Data) && string(f.Data[span.Start:span.End]) == value
}

// Skip describes what begins at an offset and is left alone.
func (f *File) Skip(kind string, at int, raw, reason string) Skipped {
	line, _ := f.Position(at)
	return Skipped{File: f.Path, Line: line, Raw: raw, Kind: kind, Reason: reason}
}
