package githubtest

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/memory"
)

// objects is a repository's Git database: real objects under the ids that Git computes.
type objects struct{ *memory.Storage }

func newObjects() objects { return objects{memory.NewStorage()} }

// encoder is a Git object that can write itself.
type encoder interface {
	Encode(plumbing.EncodedObject) error
}

func (g objects) put(value encoder) (plumbing.Hash, error) {
	encoded := g.NewEncodedObject()
	if err := value.Encode(encoded); err != nil {
		return plumbing.ZeroHash, fmt.Errorf("encode a git object: %w", err)
	}
	return g.SetEncodedObject(encoded)
}

func (g objects) putBlob(data []byte) (plumbing.Hash, error) {
	encoded := &plumbing.MemoryObject{}
	encoded.SetType(plumbing.BlobObject)
	if _, err := encoded.Write(data); err != nil {
		return plumbing.ZeroHash, err
	}
	return g.SetEncodedObject(encoded)
}

func (g objects) blob(id plumbing.Hash) ([]byte, error) {
	blob, err := gitobject.GetBlob(g, id)
	if err != nil {
		return nil, err
	}
	reader, err := blob.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

func (g objects) commit(id plumbing.Hash) (*gitobject.Commit, error) {
	return gitobject.GetCommit(g, id)
}

// head returns the commit of a branch; ok is false when there is no such branch.
func (g objects) head(branch string) (plumbing.Hash, bool) {
	return g.ref(plumbing.NewBranchReferenceName(branch))
}

func (g objects) ref(name plumbing.ReferenceName) (plumbing.Hash, bool) {
	ref, err := g.Reference(name)
	if err != nil {
		return plumbing.ZeroHash, false
	}
	return ref.Hash(), true
}

// resolve finds the commit that a branch, a ref such as heads/main, or a full commit id stands for.
func (g objects) resolve(name string) (*gitobject.Commit, error) {
	for _, candidate := range []string{"refs/heads/" + name, "refs/tags/" + name, "refs/" + name, name} {
		if id, ok := g.ref(plumbing.ReferenceName(candidate)); ok {
			return g.commit(id)
		}
	}
	id, ok := parseID(name)
	if !ok {
		return nil, plumbing.ErrObjectNotFound
	}
	return g.commit(id)
}

// empty reports whether nothing was ever pushed.
func (g objects) empty() bool { return len(g.Commits) == 0 }

func parseID(s string) (plumbing.Hash, bool) {
	return plumbing.NewHash(s), plumbing.IsHash(s) && strings.ToLower(s) == s && len(s) == 40
}

// missing turns go-git's "no such object" into GitHub's answer and leaves other errors alone.
func missing(err error, answer *refusal) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return answer
	}
	return err
}
