package githubtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// SetArchived archives the repository, or brings it back.
func (r *Repo) SetArchived(archived bool, login string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.repo.archived = archived
	action := "unarchived"
	if archived {
		action = "archived"
	}
	r.server.emit("repository", action, r.repo, r.server.account(login), func(view) object { return nil })
}

// Rename gives the repository another name; requests to the former one are redirected.
func (r *Repo) Rename(name, login string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if r.server.find(r.repo.owner.login+"/"+name) != nil {
		return fmt.Errorf("rename %s to %s: %w", r.repo.fullName(), name, errTaken)
	}
	changes := object{"repository": object{"name": object{"from": r.repo.name}}}
	r.server.moved[strings.ToLower(r.repo.fullName())] = r.repo.id
	r.repo.name = name
	r.server.emit("repository", "renamed", r.repo, r.server.account(login), func(view) object { return object{"changes": changes} })
	return nil
}

// Transfer gives the repository to another account; requests to the former name are redirected.
func (r *Repo) Transfer(owner, login string) error {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if r.server.find(owner+"/"+r.repo.name) != nil {
		return fmt.Errorf("transfer %s to %s: %w", r.repo.fullName(), owner, errTaken)
	}
	from := r.repo.owner
	r.server.moved[strings.ToLower(r.repo.fullName())] = r.repo.id
	r.repo.owner = r.server.account(owner)
	r.server.emit("repository", "transferred", r.repo, r.server.account(login), func(v view) object {
		former := object{"user": v.accountObject(from)}
		if from.kind == organization {
			former = object{"organization": v.organization(from)}
		}
		return object{"changes": object{"owner": object{"from": former}}}
	})
	return nil
}

// Delete takes the repository away. The handle is dead then.
func (r *Repo) Delete(login string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.server.emit("repository", "deleted", r.repo, r.server.account(login), func(view) object { return nil })
	r.server.repositories = slices.DeleteFunc(r.server.repositories, func(known *repository) bool { return known == r.repo })
}

// Fork copies the repository into another account.
func (r *Repo) Fork(owner string) (*Repo, error) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	fork, err := r.server.newRepository(owner+"/"+r.repo.name, RepositoryOptions{Private: r.repo.private, Branch: r.repo.defaultBranch})
	if err != nil {
		return nil, fmt.Errorf("fork %s to %s: %w", r.repo.fullName(), owner, err)
	}
	fork.fork = r.repo
	from, to := r.repo.git, fork.git
	maps.Copy(to.Objects, from.Objects)
	maps.Copy(to.Commits, from.Commits)
	maps.Copy(to.Trees, from.Trees)
	maps.Copy(to.Blobs, from.Blobs)
	for _, branch := range from.branches() {
		name := plumbing.NewBranchReferenceName(branch)
		to.ReferenceStorage[name] = from.ReferenceStorage[name]
	}
	return &Repo{r.server, fork}, nil
}

// AddCollaborator gives a person a role: read, triage, write, maintain or admin; an empty role takes it away.
func (r *Repo) AddCollaborator(login, role string) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	if role == "" {
		delete(r.repo.roles, r.server.account(login))
		return
	}
	r.repo.roles[r.server.account(login)] = role
}
