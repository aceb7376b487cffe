package githubtest

import (
	"errors"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/diff"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// treeDiff is what lies between two trees.
type treeDiff struct {
	files                []fileDiff
	additions, deletions int
	text                 string // the whole, as git diff writes it
}

// fileDiff is what happened to one file.
type fileDiff struct {
	path                 string
	status               string // added, removed, modified
	blob                 plumbing.Hash
	additions, deletions int
	patch                string // without the header; empty for binary files
}

// onlyFile is a patch of a single file.
type onlyFile struct{ file diff.FilePatch }

func (o onlyFile) FilePatches() []diff.FilePatch { return []diff.FilePatch{o.file} }
func (o onlyFile) Message() string               { return "" }

func diffTrees(from, to *gitobject.Tree) (treeDiff, error) {
	changes, err := gitobject.DiffTree(from, to)
	if err != nil {
		return treeDiff{}, err
	}
	patch, err := changes.Patch()
	if err != nil {
		return treeDiff{}, err
	}
	out := treeDiff{text: patch.String()}
	for _, file := range patch.FilePatches() {
		one, err := diffFile(file)
		if err != nil {
			return treeDiff{}, err
		}
		out.files = append(out.files, one)
		out.additions += one.additions
		out.deletions += one.deletions
	}
	return out, nil
}

func diffFile(file diff.FilePatch) (fileDiff, error) {
	before, after := file.Files()
	one := fileDiff{status: "modified"}
	switch {
	case before == nil && after == nil:
		return one, errors.New("render a diff: a change without files")
	case before == nil:
		one.status, one.path, one.blob = "added", after.Path(), after.Hash()
	case after == nil:
		one.status, one.path, one.blob = "removed", before.Path(), before.Hash()
	default:
		one.path, one.blob = after.Path(), after.Hash()
	}
	for _, chunk := range file.Chunks() {
		lines := strings.Count(chunk.Content(), "\n")
		if !strings.HasSuffix(chunk.Content(), "\n") {
			lines++
		}
		switch chunk.Type() {
		case diff.Add:
			one.additions += lines
		case diff.Delete:
			one.deletions += lines
		}
	}
	var text strings.Builder
	if err := diff.NewUnifiedEncoder(&text, diff.DefaultContextLines).Encode(onlyFile{file}); err != nil {
		return one, err
	}
	if _, hunks, ok := strings.Cut(text.String(), "\n@@"); ok {
		one.patch = strings.TrimSuffix("@@"+hunks, "\n")
	}
	return one, nil
}

func (v view) diffEntries(repo *repository, at plumbing.Hash, change treeDiff) []object {
	return each(change.files, func(f fileDiff) object {
		where := repo.fullName() + "/blob/" + at.String() + "/" + f.path
		o := object{
			"sha": f.blob.String(), "filename": f.path, "status": f.status,
			"additions": f.additions, "deletions": f.deletions, "changes": f.additions + f.deletions,
			"blob_url": v.base + "/" + where, "raw_url": v.base + "/" + strings.Replace(where, "/blob/", "/raw/", 1),
			"contents_url": v.base + "/repos/" + repo.fullName() + "/contents/" + f.path + "?ref=" + at.String(),
		}
		if f.patch != "" {
			o["patch"] = f.patch
		}
		return o
	})
}
