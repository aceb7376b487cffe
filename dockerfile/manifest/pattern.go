package manifest

import (
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// pattern takes in what a regular expression's group "image" finds. comment, if any, is what makes the rest of a line a comment.
func (r *reader) pattern(find *regexp.Regexp, comment string) {
	group := find.SubexpIndex("image")
	for _, found := range find.FindAllSubmatchIndex(r.Data, -1) {
		start, end := found[2*group], found[2*group+1]
		if start < 0 || comment != "" && r.commented(start, comment) {
			continue
		}
		r.operand(r.bytes(start, end), nil)
	}
}

// bytes is a part of the file as a value.
func (r *reader) bytes(start, end int) dockerfile.Text {
	return dockerfile.Text{{Value: string(r.Data[start:end]), At: start}}
}

// commented reports whether an offset lies behind a comment mark on its line. The // of a URL is none.
func (r *reader) commented(at int, mark string) bool {
	line, column := r.Position(at)
	before := string(r.Data[r.Line(line).Start : r.Line(line).Start+column-1])
	return strings.Contains(strings.ReplaceAll(before, "://", ""), mark)
}
