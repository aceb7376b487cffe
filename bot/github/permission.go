package github

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// toRead is what reading repositories and finding pull requests takes, as far as it was granted: GitHub gives no token for more.
func toRead(granted *gh.InstallationPermissions) *gh.InstallationPermissions {
	return &gh.InstallationPermissions{
		Metadata: lowered(granted.GetMetadata()), Contents: lowered(granted.GetContents()),
		PullRequests: lowered(granted.GetPullRequests()), Issues: lowered(granted.GetIssues()),
	}
}

func lowered(level string) *string {
	if level == "" {
		return nil
	}
	return gh.String("read")
}

// toWrite is what proposing takes, as far as it was granted. Labels and comments need issues, workflow files a permission of their own.
func toWrite(granted *gh.InstallationPermissions) *gh.InstallationPermissions {
	return &gh.InstallationPermissions{
		Metadata: granted.Metadata, Contents: granted.Contents, PullRequests: granted.PullRequests,
		Issues: granted.Issues, Checks: granted.Checks, Workflows: granted.Workflows,
		Statuses: lowered(granted.GetStatuses()), // what automerge waits for
	}
}

// may refuses a change that an App could not bring to its end, before anything is written.
func (l link) may(change bot.Change) error {
	if l.granted == nil {
		return nil
	}
	var missing []string
	if l.granted.GetContents() != "write" {
		missing = append(missing, "contents")
	}
	if l.granted.GetPullRequests() != "write" {
		missing = append(missing, "pull requests")
	}
	hint := "let the App write these, and accept it in the installation"
	if l.granted.GetWorkflows() != "write" && slices.ContainsFunc(slices.Collect(maps.Keys(change.Files)), isWorkflow) {
		missing = append(missing, "workflows")
		hint += "; workflows can be left out with `paths: [\"!.github/workflows/**\"]` in .github/basebump.yaml"
	}
	if len(missing) == 0 {
		return nil
	}
	err := fmt.Errorf("the App may not write %s", strings.Join(missing, " and "))
	return &fault.Error{Op: "propose a change to", Target: l.repo.String(), Class: fault.Auth, Err: err, Hint: hint}
}

func isWorkflow(path string) bool { return strings.HasPrefix(path, ".github/workflows/") }
