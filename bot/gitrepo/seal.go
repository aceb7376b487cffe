package gitrepo

import (
	"net/url"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/basebump/basebump/bot"
)

// The trailers of a commit of ours. The tree's id is among them so that a commit that a person amended is no longer ours.
const (
	keyTrailer  = "Basebump-Key: "
	markTrailer = "Basebump-Mark: "
	treeTrailer = "Basebump-Tree: "
)

// seal is what a commit says of itself at the end of its message, so that the branch is all the state there is. Nothing is shown
// beside a commit, so nothing of a check is kept; parent and id of the commit are its own.
type seal struct {
	Mark bot.Mark
	Tree string
}

// onto ends a message with the seal.
func (s seal) onto(message string) string {
	mark := url.Values{"content": {s.Mark.Content}, "text": {s.Mark.Text}, "style": {s.Mark.Style}}
	return strings.TrimRight(message, "\n") + "\n\n" + keyTrailer + s.Mark.Key + "\n" + markTrailer + mark.Encode() + "\n" + treeTrailer + s.Tree + "\n"
}

// sealOf reads the seal of a commit; ok is false when it is not as we made it.
func sealOf(commit *object.Commit) (s seal, ok bool) {
	for line := range strings.Lines(commit.Message) {
		line = strings.TrimRight(line, "\n")
		if key, found := strings.CutPrefix(line, keyTrailer); found {
			s.Mark.Key = key
		}
		if text, found := strings.CutPrefix(line, markTrailer); found {
			mark, err := url.ParseQuery(text)
			if err == nil {
				s.Mark.Content, s.Mark.Text, s.Mark.Style = mark.Get("content"), mark.Get("text"), mark.Get("style")
			}
		}
		if tree, found := strings.CutPrefix(line, treeTrailer); found {
			s.Tree = tree
		}
	}
	return s, s.Mark.Key != "" && s.Tree == commit.TreeHash.String() && len(commit.ParentHashes) == 1
}
