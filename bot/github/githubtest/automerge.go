package githubtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Merging says how a repository lets pull requests be merged. The zero value of a new one is every method, and no auto-merge.
type Merging struct {
	AutoMerge bool
	Methods   []string // merge, squash, rebase; nil: all
}

// SetMerging changes how pull requests are merged.
func (r *Repo) SetMerging(merging Merging) {
	r.server.mu.Lock()
	defer r.server.mu.Unlock()
	r.repo.merging = merging
}

func (m Merging) allows(method string) bool {
	return len(m.Methods) == 0 || slices.Contains(m.Methods, method)
}

// autoMerge is an order to merge a pull request once nothing is in the way.
type autoMerge struct {
	by     *account
	method string
}

func (v view) autoMerge(order *autoMerge) any {
	if order == nil {
		return nil
	}
	return object{"enabled_by": v.accountObject(order.by), "merge_method": order.method, "commit_title": "", "commit_message": ""}
}

// graphRoutes are the two mutations that the REST API lacks. GitHub's description of that API says nothing of them.
func graphRoutes() []route {
	return []route{{method: "POST", pattern: "/graphql", access: open(), status: http.StatusOK, handle: (*Server).mutate}}
}

type mutation struct {
	Query     string `json:"query"`
	Variables struct {
		ID     string `json:"id"`
		Head   string `json:"head"`
		Method string `json:"method"`
	} `json:"variables"`
}

func (s *Server) mutate(c *call) (any, error) {
	var want mutation
	if err := json.Unmarshal(c.body, &want); err != nil {
		return nil, refuse(http.StatusBadRequest, "Problems parsing JSON")
	}
	repo, i := s.pullByNode(want.Variables.ID)
	switch {
	case c.token.kind == anonymous:
		return nil, errRequiresAuth
	case i == nil || !c.token.covers(repo) || !c.token.allows(repo, writes("pull_requests")):
		return graphError("NOT_FOUND", "Could not resolve to a node with the global id of '"+want.Variables.ID+"'."), nil
	case strings.Contains(want.Query, "disablePullRequestAutoMerge"):
		i.pull.auto = nil
		return object{"data": object{"disablePullRequestAutoMerge": object{"clientMutationId": nil}}}, nil
	case !strings.Contains(want.Query, "enablePullRequestAutoMerge"):
		return graphError("undefinedField", "Field doesn't exist on type 'Mutation'"), nil
	case !repo.merging.AutoMerge:
		return graphError("UNPROCESSABLE", "Pull request Auto merge is not allowed for this repository"), nil
	case want.Variables.Head != i.pull.headID.String():
		return graphError("UNPROCESSABLE", "Head sha is out of date"), nil
	case repo.mergeState(i) == "clean":
		return graphError("UNPROCESSABLE", "Pull request is in clean status"), nil
	}
	i.pull.auto = &autoMerge{by: c.actor(), method: strings.ToLower(want.Variables.Method)}
	return object{"data": object{"enablePullRequestAutoMerge": object{"clientMutationId": nil}}}, nil
}

func graphError(kind, message string) object {
	return object{"data": nil, "errors": []object{{"type": kind, "message": message}}}
}

func (s *Server) pullByNode(id string) (*repository, *issue) {
	for _, repo := range s.repositories {
		for _, i := range repo.issues {
			if i.pull != nil && nodeID("PR", i.pull.id) == id {
				return repo, i
			}
		}
	}
	return nil, nil
}

// carryOut merges what was ordered to be merged and has nothing in its way now.
func (s *Server) carryOut(repo *repository) {
	for _, i := range repo.issues {
		if i.pull == nil || i.pull.auto == nil || !i.open() || repo.mergeState(i) != "clean" {
			continue
		}
		order := i.pull.auto
		if _, err := s.merge(repo, i, order.by, mergeRequest{Method: order.method}); err != nil {
			i.pull.auto = nil // GitHub takes the order back when it cannot be carried out
		}
	}
}
