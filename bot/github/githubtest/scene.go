package githubtest

import (
	"fmt"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitobject "github.com/go-git/go-git/v5/plumbing/object"
)

// File is a file of a repository.
type File struct {
	Data    []byte
	Mode    filemode.FileMode // filemode.Regular when zero; the data of a Symlink is its target
	Removed bool              // in a push: take the file away
}

// Files are files by path.
type Files map[string]File

// Text is an ordinary file.
func Text(content string) File { return File{Data: []byte(content)} }

// Repo is the handle of one repository, for setting the scene and looking at the result. It stays valid through renames.
type Repo struct {
	server *Server
	repo   *repository
}

// RepositoryOptions say what a new repository is like. The zero value is a public repository with the branch main.
type RepositoryOptions struct {
	Private bool
	Branch  string // the default branch
}

// AddRepository makes a repository, and its owner where that is new, with one commit that holds the files. Without files it is empty.
func (s *Server) AddRepository(fullName string, files Files, options RepositoryOptions) (*Repo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	repo, err := s.newRepository(fullName, options)
	if err != nil {
		return nil, fmt.Errorf("add repository %s: %w", fullName, err)
	}
	if len(files) > 0 {
		if _, err := s.commitFiles(repo, repo.defaultBranch, repo.owner, "Initial commit", files, false); err != nil {
			return nil, fmt.Errorf("add repository %s: %w", fullName, err)
		}
	}
	return &Repo{s, repo}, nil
}

func (s *Server) newRepository(fullName string, options RepositoryOptions) (*repository, error) {
	owner, name, ok := strings.Cut(fullName, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, errRepositoryName
	}
	if s.find(fullName) != nil {
		return nil, errTaken
	}
	now := s.now()
	repo := &repository{
		id: s.nextID(), owner: s.account(owner), name: name, private: options.Private, defaultBranch: options.Branch,
		created: now, pushed: now, roles: map[*account]string{}, protected: map[string]Protection{}, git: newObjects(),
	}
	if repo.defaultBranch == "" {
		repo.defaultBranch = "main"
	}
	s.repositories = append(s.repositories, repo)
	delete(s.moved, strings.ToLower(fullName))
	s.emit("repository", "created", repo, repo.owner, func(view) object { return nil })
	if i := s.installationOf(repo); i != nil {
		s.emitGranted(i, []*repository{repo}, nil)
	}
	return repo, nil
}

// Repository returns the handle of a repository by its present or former name, or nil.
func (s *Server) Repository(fullName string) *Repo {
	s.mu.Lock()
	defer s.mu.Unlock()
	repo := s.find(fullName)
	if repo == nil {
		repo = s.byID(s.moved[strings.ToLower(fullName)])
	}
	if repo == nil {
		return nil
	}
	return &Repo{s, repo}
}

// AddOrganization makes an account an organization; other accounts are people.
func (s *Server) AddOrganization(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(login).kind = organization
}

// AddToken makes a personal access token of a person and returns it.
func (s *Server) AddToken(login string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &token{kind: personalToken, value: s.mint("ghp_"), account: s.account(login)}
	t.bucket = fmt.Sprintf("user ID %d", t.account.id)
	s.tokens[t.value] = t
	return t.value
}

// commitFiles lays files over a branch as one commit; asGitHub makes it one that GitHub signs.
func (s *Server) commitFiles(repo *repository, branch string, by *account, message string, files Files, asGitHub bool) (plumbing.Hash, error) {
	commit := &gitobject.Commit{Author: signer(by, s.now()), Committer: signer(by, s.now()), Message: message}
	tip, ok := repo.git.head(branch)
	if !ok {
		tip, ok = repo.git.head(repo.defaultBranch)
	}
	var tree plumbing.Hash
	if ok {
		parent, err := repo.git.commit(tip)
		if err != nil {
			return plumbing.ZeroHash, err
		}
		commit.ParentHashes, tree = []plumbing.Hash{tip}, parent.TreeHash
	}
	var err error
	if commit.TreeHash, err = repo.git.write(tree, files); err != nil {
		return plumbing.ZeroHash, err
	}
	if asGitHub {
		signed(commit, s.now())
	}
	id, err := repo.git.put(commit)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return id, s.move(repo, plumbing.NewBranchReferenceName(branch), id, by)
}

// write lays files over a tree.
func (g objects) write(base plumbing.Hash, files Files) (plumbing.Hash, error) {
	edit, err := newTreeEdit(g, base)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	for path, file := range files {
		if file.Removed {
			_, err = edit.remove(path)
		} else {
			err = g.add(edit, path, file)
		}
		if err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return edit.write()
}

func (g objects) add(edit *treeEdit, path string, file File) error {
	id, err := g.putBlob(file.Data)
	if err != nil {
		return err
	}
	mode := file.Mode
	if mode == filemode.Empty {
		mode = filemode.Regular
	}
	return edit.set(path, mode, id)
}
