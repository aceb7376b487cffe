package githubtest

import (
	"slices"
	"strings"
)

func reviewerRoutes() []route {
	const path = "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers"
	return []route{
		{method: "GET", pattern: path, access: reads("pull_requests"), status: 200, handle: (*Server).listReviewers},
		{method: "POST", pattern: path, access: writes("pull_requests"), status: 201, handle: (*Server).requestReviewers},
		{method: "DELETE", pattern: path, access: writes("pull_requests"), status: 200, handle: (*Server).dismissReviewers},
	}
}

func (s *Server) listReviewers(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	return object{"users": each(i.pull.reviewers, c.accountObject), "teams": []object{}}, nil
}

type reviewersRequest struct {
	Reviewers     []string `json:"reviewers"`
	TeamReviewers []string `json:"team_reviewers"`
}

func (s *Server) requestReviewers(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	want, err := decode[reviewersRequest](c)
	if err != nil {
		return nil, err
	}
	for _, login := range want.Reviewers {
		reviewer := s.accounts[strings.ToLower(login)]
		switch {
		case reviewer == nil || c.repo.role(reviewer) == "":
			return nil, unprocessable("Reviews may only be requested from collaborators. " +
				"One or more of the users or teams you specified is not a collaborator of the " + c.repo.fullName() + " repository.")
		case reviewer == i.user:
			return nil, unprocessable("Review cannot be requested from pull request author.")
		}
	}
	for _, team := range want.TeamReviewers {
		if !slices.Contains(i.pull.teams, team) {
			i.pull.teams = append(i.pull.teams, team)
		}
	}
	for _, login := range want.Reviewers {
		reviewer := s.account(login)
		if !slices.Contains(i.pull.reviewers, reviewer) {
			i.pull.reviewers, i.updated = append(i.pull.reviewers, reviewer), c.at
			s.emitThread("review_requested", c.repo, i, c.actor(), object{"requested_reviewer": c.accountObject(reviewer)})
		}
	}
	return c.simplePull(c.repo, i), nil
}

func (s *Server) dismissReviewers(c *call) (any, error) {
	i, err := c.pullIssue()
	if err != nil {
		return nil, err
	}
	want, err := decode[reviewersRequest](c)
	if err != nil {
		return nil, err
	}
	i.pull.reviewers = slices.DeleteFunc(i.pull.reviewers, func(a *account) bool {
		return slices.ContainsFunc(want.Reviewers, func(login string) bool { return strings.EqualFold(login, a.login) })
	})
	i.updated = c.at
	return c.simplePull(c.repo, i), nil
}
