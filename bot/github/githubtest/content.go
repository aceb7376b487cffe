package githubtest

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/http"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

func contentRoutes() []route {
	const contents = "/repos/{owner}/{repo}/contents/{path...}"
	return []route{
		{method: "GET", pattern: contents, access: reads("contents"), status: 200, handle: (*Server).getContent},
		{method: "PUT", pattern: contents, access: writes("contents"), status: 201, handle: (*Server).putContent},
		{method: "DELETE", pattern: contents, access: writes("contents"), status: 200, handle: (*Server).deleteContent},
	}
}

func (s *Server) getContent(c *call) (any, error) {
	ref := cmp.Or(c.query("ref"), c.repo.defaultBranch)
	commit, err := c.repo.git.resolve(ref)
	if err != nil {
		return nil, missing(err, refuse(http.StatusNotFound, "No commit found for the ref "+ref))
	}
	tree, err := commit.Tree()
	if err != nil {
		return nil, err
	}
	entry, err := tree.FindEntry(strings.Trim(c.vars["path"], "/"))
	if errors.Is(err, gitobject.ErrEntryNotFound) || errors.Is(err, gitobject.ErrDirectoryNotFound) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	if entry.Mode == filemode.Dir {
		return s.folder(c, entry.Hash, ref)
	}
	data, err := c.repo.git.blob(entry.Hash)
	if err != nil {
		return nil, err
	}
	if c.accepts("raw") {
		return raw{http.StatusOK, "application/vnd.github.raw; charset=utf-8", data}, nil
	}
	o := c.content(c.repo, c.vars["path"], ref, *entry, len(data))
	o["encoding"], o["content"] = "base64", wrapped(data)
	return o, nil
}

// folder lists what is in one, without going deeper.
func (s *Server) folder(c *call, id plumbing.Hash, ref string) (any, error) {
	tree, err := gitobject.GetTree(c.repo.git, id)
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, entry := range tree.Entries {
		size := 0
		if entry.Mode.IsFile() {
			data, err := c.repo.git.blob(entry.Hash)
			if err != nil {
				return nil, err
			}
			size = len(data)
		}
		out = append(out, c.content(c.repo, path.Join(c.vars["path"], entry.Name), ref, entry, size))
	}
	return out, nil
}

func (v view) content(repo *repository, at, ref string, entry gitobject.TreeEntry, size int) object {
	api := v.base + "/repos/" + repo.fullName() + "/contents/" + at + "?ref=" + ref
	kind, git, page := "file", v.gitURL(repo, "blobs", entry.Hash), v.base+"/"+repo.fullName()+"/blob/"+ref+"/"+at
	if entry.Mode == filemode.Dir {
		kind, git, page = "dir", v.gitURL(repo, "trees", entry.Hash), v.base+"/"+repo.fullName()+"/tree/"+ref+"/"+at
	}
	return object{
		"type": kind, "name": path.Base(at), "path": at, "sha": entry.Hash.String(), "size": size, "url": api, "html_url": page,
		"git_url": git, "download_url": v.base + "/" + repo.fullName() + "/raw/" + ref + "/" + at,
		"_links": object{"self": api, "git": git, "html": page},
	}
}

type contentRequest struct {
	Message string  `json:"message"`
	Content *string `json:"content"`
	SHA     string  `json:"sha"`
	Branch  string  `json:"branch"`
}

// putContent writes one file as one commit. The blob that it replaces must be named.
func (s *Server) putContent(c *call) (any, error) {
	want, err := decode[contentRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Message == "" || want.Content == nil {
		return nil, unprocessable("Invalid request.\n\n\"message\" and \"content\" must be supplied.")
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(*want.Content, "\n", ""))
	if err != nil {
		return nil, unprocessable("content is not valid Base64")
	}
	return s.commitContent(c, want, File{Data: data})
}

func (s *Server) deleteContent(c *call) (any, error) {
	want, err := decode[contentRequest](c)
	if err != nil {
		return nil, err
	}
	if want.Message == "" || want.SHA == "" {
		return nil, unprocessable("Invalid request.\n\n\"message\" and \"sha\" must be supplied.")
	}
	return s.commitContent(c, want, File{Removed: true})
}

func (s *Server) commitContent(c *call, want contentRequest, file File) (any, error) {
	at := c.vars["path"]
	branch := cmp.Or(want.Branch, c.repo.defaultBranch)
	if err := c.guardWorkflow(at); err != nil {
		return nil, err
	}
	if err := c.repo.guard(plumbing.NewBranchReferenceName(branch), true); err != nil {
		return nil, refuse(http.StatusConflict, "Could not update file: Changes must be made through a pull request.")
	}
	tip, ok := c.repo.git.head(branch)
	if !ok && !c.repo.git.empty() {
		return nil, refuse(http.StatusNotFound, "Branch "+branch+" not found")
	}
	known, existed, err := c.repo.git.entryAt(tip, at)
	if err != nil {
		return nil, err
	}
	switch {
	case existed && want.SHA == "":
		return nil, unprocessable("Invalid request.\n\n\"sha\" wasn't supplied.")
	case want.SHA != "" && want.SHA != known.Hash.String():
		return nil, refuse(http.StatusConflict, at+" does not match "+want.SHA)
	case existed:
		file.Mode = known.Mode
	}
	return s.storeContent(c, branch, want.Message, file, existed)
}

// storeContent makes the commit; one of an App is signed by GitHub, like those of the Git Data API.
func (s *Server) storeContent(c *call, branch, message string, file File, existed bool) (any, error) {
	at := c.vars["path"]
	id, err := s.commitFiles(c.repo, branch, c.actor(), message, Files{at: file}, c.token.kind == installationToken)
	if err != nil {
		return nil, err
	}
	commit, err := c.repo.git.commit(id)
	if err != nil {
		return nil, err
	}
	made, err := c.gitCommit(c.repo, commit)
	if err != nil {
		return nil, err
	}
	if file.Removed {
		return object{"content": nil, "commit": made}, nil
	}
	entry, _, err := c.repo.git.entryAt(id, at)
	if err != nil {
		return nil, err
	}
	answer := object{"content": c.content(c.repo, at, branch, entry, len(file.Data)), "commit": made}
	if existed {
		return with{http.StatusOK, answer}, nil
	}
	return answer, nil
}

// entryAt finds a path in a commit; the zero commit has none.
func (g objects) entryAt(commitID plumbing.Hash, at string) (gitobject.TreeEntry, bool, error) {
	if commitID.IsZero() {
		return gitobject.TreeEntry{}, false, nil
	}
	commit, err := g.commit(commitID)
	if err != nil {
		return gitobject.TreeEntry{}, false, err
	}
	tree, err := commit.Tree()
	if err != nil {
		return gitobject.TreeEntry{}, false, err
	}
	entry, err := tree.FindEntry(at)
	if errors.Is(err, gitobject.ErrEntryNotFound) || errors.Is(err, gitobject.ErrDirectoryNotFound) {
		return gitobject.TreeEntry{}, false, nil
	}
	if err != nil {
		return gitobject.TreeEntry{}, false, err
	}
	return *entry, true, nil
}
