package gitrepo

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"

	"github.com/go-git/go-git/v5/plumbing"
)

// The trailers of a commit of ours. The tree's id is among them so that a commit that a person amended is no longer ours.
const (
	keyTrailer  = "Basebump-Key: "
	treeTrailer = "Basebump-Tree: "
)

// seal is what a commit says of itself at the end of its message, so that the branch is all the state there is.
type seal struct{ Key, Tree string }

// onto ends a message with the seal.
func (s seal) onto(message string) string {
	return strings.TrimRight(message, "\n") + "\n\n" + keyTrailer + s.Key + "\n" + treeTrailer + s.Tree + "\n"
}

// sealOf reads the seal of a commit; ok is false when it is not as we made it.
func sealOf(commit *object.Commit) (s seal, ok bool) {
	for line := range strings.Lines(commit.Message) {
		line = strings.TrimRight(line, "\n")
		if key, found := strings.CutPrefix(line, keyTrailer); found {
			s.Key = key
		}
		if tree, found := strings.CutPrefix(line, treeTrailer); found {
			s.Tree = tree
		}
	}
	return s, s.Key != "" && s.Tree == commit.TreeHash.String() && len(commit.ParentHashes) == 1
}

// keep stores an object and returns its id.
func keep(store storer.EncodedObjectStorer, o object.Object) (plumbing.Hash, error) {
	encoded := store.NewEncodedObject()
	if err := o.Encode(encoded); err != nil {
		return plumbing.ZeroHash, err
	}
	return store.SetEncodedObject(encoded)
}
