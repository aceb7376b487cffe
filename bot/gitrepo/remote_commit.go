package gitrepo

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/basebump/basebump/bot"
)

// commit writes a commit that holds exactly the change on top of the repository's head.
func (r *Remote) commit(repo bot.Repository, change bot.Change) (plumbing.Hash, error) {
	parent := plumbing.NewHash(repo.Head)
	base, err := r.repo.CommitObject(parent)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	tree := base.TreeHash
	for _, name := range slices.Sorted(maps.Keys(change.Files)) {
		blob, err := r.blob(change.Files[name])
		if err != nil {
			return plumbing.ZeroHash, err
		}
		if tree, err = r.replace(tree, name, blob); err != nil {
			return plumbing.ZeroHash, fmt.Errorf("%s: %w", name, err)
		}
	}
	who := object.Signature{Name: r.options.Author.Name, Email: r.options.Author.Email, When: r.options.Now().UTC()}
	commit := &object.Commit{
		Author: who, Committer: who, TreeHash: tree, ParentHashes: []plumbing.Hash{parent},
		Message: seal{Mark: bot.MarkOf(repo, change), Tree: tree.String()}.onto(change.Message),
	}
	if r.options.Sign != nil {
		if commit.PGPSignature, err = r.sign(commit); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return r.keep(commit)
}

// replace puts a blob in the place of a file and returns the new tree. Modes and all other entries stay; the file must be there.
func (r *Remote) replace(tree plumbing.Hash, name string, blob plumbing.Hash) (plumbing.Hash, error) {
	old, err := object.GetTree(r.repo.Storer, tree)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	first, rest, deeper := strings.Cut(path.Clean(name), "/")
	i := slices.IndexFunc(old.Entries, func(e object.TreeEntry) bool { return e.Name == first })
	if i < 0 || deeper != (old.Entries[i].Mode == filemode.Dir) || !deeper && !old.Entries[i].Mode.IsRegular() && old.Entries[i].Mode != filemode.Executable {
		return plumbing.ZeroHash, object.ErrFileNotFound
	}
	if deeper {
		if blob, err = r.replace(old.Entries[i].Hash, rest, blob); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	entries := slices.Clone(old.Entries)
	entries[i].Hash = blob
	return r.keep(&object.Tree{Entries: entries})
}

func (r *Remote) blob(data []byte) (plumbing.Hash, error) {
	encoded := r.repo.Storer.NewEncodedObject()
	encoded.SetType(plumbing.BlobObject)
	writer, err := encoded.Writer()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	if _, err := writer.Write(data); err != nil {
		return plumbing.ZeroHash, err
	}
	if err := writer.Close(); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.repo.Storer.SetEncodedObject(encoded)
}

// keep stores an object and returns its id.
func (r *Remote) keep(o object.Object) (plumbing.Hash, error) {
	encoded := r.repo.Storer.NewEncodedObject()
	if err := o.Encode(encoded); err != nil {
		return plumbing.ZeroHash, err
	}
	return r.repo.Storer.SetEncodedObject(encoded)
}

func (r *Remote) sign(commit *object.Commit) (string, error) {
	encoded := r.repo.Storer.NewEncodedObject()
	if err := commit.EncodeWithoutSignature(encoded); err != nil {
		return "", err
	}
	reader, err := encoded.Reader()
	if err != nil {
		return "", err
	}
	defer reader.Close()
	signature, err := r.options.Sign.Sign(reader)
	if err != nil {
		return "", fmt.Errorf("sign commit: %w", err)
	}
	return string(signature), nil
}
