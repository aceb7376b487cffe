package dockerfile

import "regexp"

// tagComment is a comment behind a digest, and the brackets that close there, that is nothing but a tag, or "tag=" and a tag.
var tagComment = regexp.MustCompile(`^["']?[ \t)\]}]*,?[ \t]*(?:#|//)[ \t]*(tag[:=][ \t]*)?([\w][\w.-]{0,127})[ \t\r]*$`)

// versionLike is what a comment without "tag=" must hold to be taken for the tag of an image that is written with its digest alone.
var versionLike = regexp.MustCompile(`^v?\d|\d\.\d|^latest$`)

// recorded notes the comment beside a digest that says which tag the digest stands for. Beside a tag it is an echo; where there is
// no tag it is the tag.
func (f *File) recorded(ref *Reference) {
	if ref.Digest == "" || len(ref.Pieces) == 0 {
		return
	}
	last := ref.Pieces[len(ref.Pieces)-1]
	if last.Field != Digest {
		return
	}
	found := tagComment.FindSubmatchIndex(f.Data[last.End:f.Line(last.Line).End])
	if found == nil {
		return
	}
	named := found[2] >= 0
	span := Span{Start: last.End + found[4], End: last.End + found[5]}
	piece := Piece{Field: Tag, Value: string(f.Data[span.Start:span.End]), Line: last.Line, Span: span}
	switch {
	case ref.Tag == piece.Value:
		ref.Echo = &piece
	case ref.Tag == "" && (named || versionLike.MatchString(piece.Value)):
		ref.Tag = piece.Value
		ref.Pieces = append(ref.Pieces, piece)
	}
}
