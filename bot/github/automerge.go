package github

import (
	"context"
	"errors"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// GitHub's own auto-merge is the one thing that the REST API does not have.
const (
	orderMutation = `mutation($id: ID!, $head: GitObjectID!, $method: PullRequestMergeMethod!) {
  enablePullRequestAutoMerge(input: {pullRequestId: $id, expectedHeadOid: $head, mergeMethod: $method}) { clientMutationId }
}`
	stayMutation = `mutation($id: ID!) {
  disablePullRequestAutoMerge(input: {pullRequestId: $id}) { clientMutationId }
}`
)

// orderMerge leaves the merge to GitHub. It is not to be had where GraphQL is not, or where nothing is left to wait for.
func (l link) orderMerge(ctx context.Context, request *gh.PullRequest, method string) (ordered bool, err error) {
	return l.mutate(ctx, orderMutation, map[string]any{
		"id": request.GetNodeID(), "head": request.GetHead().GetSHA(), "method": strings.ToUpper(method),
	})
}

// Stay implements bot.Keeper.
func (c *Client) Stay(ctx context.Context, repo bot.Repository, proposal bot.Proposal) error {
	l, err := c.link(ctx, repo)
	if err != nil {
		return err
	}
	request, err := l.pull(ctx, proposal.Number)
	if err != nil {
		return err
	}
	done, err := l.mutate(ctx, stayMutation, map[string]any{"id": request.GetNodeID()})
	if err == nil && !done {
		err = l.permanent("take back the order to merge in", "GitHub refused to")
	}
	return l.explain(ctx, err)
}

// mutate carries out a mutation; done is false when GitHub understood and refused, or has no GraphQL.
func (l link) mutate(ctx context.Context, query string, variables map[string]any) (done bool, err error) {
	const op = "set up auto-merge in"
	path := "graphql"
	if strings.HasSuffix(l.base.Path, "/api/v3/") {
		path = "../graphql"
	}
	request, err := l.write.NewRequest(http.MethodPost, path, map[string]any{"query": query, "variables": variables})
	if err != nil {
		return false, l.failed(op, err)
	}
	var answer struct {
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	_, err = l.write.Do(ctx, request, &answer)
	switch {
	case status(err) == http.StatusNotFound, status(err) == http.StatusMethodNotAllowed, status(err) == http.StatusForbidden:
		return false, nil
	case err != nil:
		return false, l.failed(op, err)
	case len(answer.Errors) > 0:
		refusal := &fault.Error{Op: op, Target: l.repo.String(), Err: errors.New(cut(oneLine(answer.Errors[0].Message)))}
		l.options.Log.InfoContext(ctx, "GitHub's auto-merge is not to be had", "repository", l.repo.String(), "error", refusal)
		return false, nil
	}
	return true, nil
}
