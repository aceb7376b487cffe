package github

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
)

// Interest says which of GitHub's events give reason to do something.
type Interest struct {
	Watch        func(fullName string) bool
	BranchPrefix string        // of the branches that are ours
	AppID        int64         // 0: no App
	Login        func() string // ours, once it is known; nil: it never is
	Merges       bool          // proposals are merged once every check is green, so that their end is worth a look
	CommentAge   time.Duration // how old a comment may be that is answered; older ones may have been, and are forgotten
}

// Why an event is dropped.
const (
	notWatched  = "the repository is not watched"
	otherBranch = "another branch"
	ourOwn      = "our own doing"
	noReason    = "it gives no reason to do anything"
	noCommand   = "the comment has no command"
	oldComment  = "the comment is too old"
	notFollowed = "rollouts are not followed by webhook"
	notOurs     = "it is another App's"
	onlyPing    = "a ping"
)

// most is how many repositories of one event are gone through one by one.
const most = 20

// command begins what a comment may ask of us.
const command = "/basebump"

// maxComment bounds the text of a comment that is kept, in bytes; GitHub allows 65,536 characters, a command needs a line.
const maxComment = 16 << 10

type named struct {
	FullName string `json:"full_name"`
}

type person struct {
	Login string `json:"login"`
	Type  string `json:"type"`
}

type appOf struct {
	ID int64 `json:"id"`
}

// payload is the part of a delivery that we look at.
type payload struct {
	Action   string `json:"action"`
	Ref      string `json:"ref"`
	State    string `json:"state"`
	Sender   person `json:"sender"`
	Branches []struct {
		Name string `json:"name"`
	} `json:"branches"`
	Repository struct {
		named
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
	Repositories        []named `json:"repositories"`
	RepositoriesAdded   []named `json:"repositories_added"`
	RepositoriesRemoved []named `json:"repositories_removed"`
	PullRequest         struct {
		Number int `json:"number"`
		Base   struct {
			Ref string `json:"ref"`
		} `json:"base"`
		Head struct {
			SHA  string `json:"sha"`
			Ref  string `json:"ref"`
			Repo named  `json:"repo"`
		} `json:"head"`
	} `json:"pull_request"`
	Issue struct {
		Number      int              `json:"number"`
		PullRequest *json.RawMessage `json:"pull_request"`
		User        person           `json:"user"`
		Via         appOf            `json:"performed_via_github_app"`
	} `json:"issue"`
	Comment struct {
		ID          int64     `json:"id"`
		Body        string    `json:"body"`
		User        person    `json:"user"`
		Created     time.Time `json:"created_at"`
		Via         appOf     `json:"performed_via_github_app"`
		Association string    `json:"author_association"`
	} `json:"comment"`
	CheckRun struct {
		App   appOf `json:"app"`
		Suite struct {
			HeadBranch string `json:"head_branch"`
		} `json:"check_suite"`
	} `json:"check_run"`
	CheckSuite struct {
		App        appOf  `json:"app"`
		HeadBranch string `json:"head_branch"`
	} `json:"check_suite"`
	Changes struct {
		Repository struct {
			Name struct {
				From string `json:"from"`
			} `json:"name"`
		} `json:"repository"`
		Owner struct {
			From struct {
				User         person `json:"user"`
				Organization person `json:"organization"`
			} `json:"from"`
		} `json:"owner"`
	} `json:"changes"`
}

// event boils a payload down, or says why nothing is to be done about it.
func (i Interest) event(name string, body []byte, now time.Time) (event bot.Event, dropped string, err error) {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return bot.Event{}, "", &fault.Error{Op: "read the payload", Class: fault.Permanent, Err: errors.New("it is not the JSON that was expected")}
	}
	event.Name = strings.TrimSpace(name + " " + oneLine(cut(p.Action)))
	if p.Repository.FullName != "" && !i.Watch(p.Repository.FullName) && name != "repository" {
		return event, notWatched, nil
	}
	switch name {
	case "ping":
		dropped = onlyPing
	case "push":
		dropped = i.push(p, &event)
	case "pull_request":
		dropped = i.pull(p, &event)
	case "issue_comment":
		dropped = i.comment(p, &event, now)
	case "issues":
		dropped = i.issue(p, &event)
	case "check_run":
		dropped = i.checkRun(p, &event)
	case "check_suite":
		dropped = i.checkSuite(p, &event)
	case "repository":
		dropped = i.repository(p, &event)
	case "installation", "installation_repositories":
		dropped = i.installation(p, &event)
	case "status":
		dropped = i.status(p, &event)
	case "deployment_status":
		dropped = notFollowed
	default:
		dropped = noReason
	}
	return event, dropped, nil
}

// visit asks for the payload's repository.
func (p payload) visit(event *bot.Event) string {
	if p.Repository.FullName == "" {
		return noReason
	}
	event.Visit = []string{p.Repository.FullName}
	return ""
}

// ours reports whether the account or the App is the one that basebump acts as.
func (i Interest) ours(who person, via appOf) bool {
	return via.ID != 0 && via.ID == i.AppID || i.Login != nil && who.Login != "" && strings.EqualFold(who.Login, i.Login())
}

// isOurs reports whether a branch is one of basebump's.
func (i Interest) isOurs(branch string) bool {
	return i.BranchPrefix != "" && strings.HasPrefix(branch, i.BranchPrefix)
}

// push: the default branch moved, or somebody pushed to one of our branches, or deleted it.
func (i Interest) push(p payload, event *bot.Event) string {
	branch, ok := strings.CutPrefix(p.Ref, "refs/heads/")
	switch {
	case !ok, branch != p.Repository.DefaultBranch && !i.isOurs(branch):
		return otherBranch
	case i.isOurs(branch) && i.ours(p.Sender, appOf{}):
		return ourOwn
	}
	return p.visit(event)
}

// pull: somebody did something to one of our pull requests, or another one has a new commit.
func (i Interest) pull(p payload, event *bot.Event) string {
	told := []string{"closed", "reopened", "edited", "synchronize", "locked", "unlocked", "labeled", "unlabeled", "ready_for_review", "converted_to_draft"}
	fresh := []string{"opened", "reopened", "synchronize"}
	head := p.PullRequest.Head
	own := i.isOurs(head.Ref) && strings.EqualFold(head.Repo.FullName, p.Repository.FullName)
	switch {
	case i.ours(p.Sender, appOf{}):
		return ourOwn
	case own && slices.Contains(told, p.Action):
		return p.visit(event)
	case !own && p.PullRequest.Base.Ref != p.Repository.DefaultBranch:
		return otherBranch
	case !own && slices.Contains(fresh, p.Action) && head.SHA != "":
		event.Pull = &bot.Pull{Repository: p.Repository.FullName, Number: p.PullRequest.Number, Head: head.SHA}
		return ""
	}
	return noReason
}

// comment: somebody may tell us what to do. What is told by people of the repository is done at once; a stranger's word makes us look at
// nothing.
func (i Interest) comment(p payload, event *bot.Event, now time.Time) string {
	c := p.Comment
	switch {
	case p.Action != "created":
		return noReason
	case i.ours(c.User, c.Via):
		return ourOwn
	case !strings.Contains(c.Body, command):
		return noCommand
	case now.Sub(c.Created) > i.CommentAge:
		return oldComment
	case p.Repository.FullName == "", c.ID == 0:
		return noReason
	}
	event.Comment = &bot.Comment{
		Repository: p.Repository.FullName, Number: p.Issue.Number, ID: c.ID, Author: c.User.Login,
		Body: strings.ToValidUTF8(c.Body[:min(len(c.Body), maxComment)], ""), IsPullRequest: p.Issue.PullRequest != nil, FromBot: c.User.Type == "Bot",
	}
	if slices.Contains([]string{"OWNER", "MEMBER", "COLLABORATOR"}, c.Association) {
		return p.visit(event)
	}
	return ""
}

// issue: a person ticked a box in an issue of ours, or closed or opened it.
func (i Interest) issue(p payload, event *bot.Event) string {
	switch {
	case i.ours(p.Sender, appOf{}), p.Sender.Type == "Bot":
		return ourOwn
	case !i.ours(p.Issue.User, p.Issue.Via), p.Repository.FullName == "":
		return noReason
	case p.Action == "edited":
		event.Issue = &bot.Issue{Repository: p.Repository.FullName, Number: p.Issue.Number, Editor: p.Sender.Login}
		return p.visit(event)
	case p.Action == "closed", p.Action == "reopened":
		return p.visit(event)
	}
	return noReason
}

// checkRun: a person asks for a verdict of ours again.
func (i Interest) checkRun(p payload, event *bot.Event) string {
	switch {
	case p.Action != "rerequested" && p.Action != "requested_action":
		return noReason
	case i.AppID == 0 || p.CheckRun.App.ID != i.AppID:
		return notOurs
	}
	event.Recheck = i.recheck(p, p.CheckRun.Suite.HeadBranch)
	return p.visit(event)
}

// recheck is nil for a branch that is no proposal's.
func (i Interest) recheck(p payload, branch string) *bot.Recheck {
	if !i.isOurs(branch) {
		return nil
	}
	return &bot.Recheck{Repository: p.Repository.FullName, Branch: branch, By: p.Sender.Login}
}

// checkSuite: the same for all verdicts of a commit, and the end of what others check of a pull request of ours.
func (i Interest) checkSuite(p payload, event *bot.Event) string {
	own := i.AppID != 0 && p.CheckSuite.App.ID == i.AppID
	switch {
	case p.Action == "rerequested" && !own:
		return notOurs
	case p.Action == "completed" && own:
		return ourOwn
	case p.Action == "completed" && !i.isOurs(p.CheckSuite.HeadBranch):
		return otherBranch
	case p.Action == "completed" && !i.Merges, p.Action != "completed" && p.Action != "rerequested":
		return noReason
	case p.Action == "rerequested":
		event.Recheck = i.recheck(p, p.CheckSuite.HeadBranch)
	}
	return p.visit(event)
}

// status: a check of the old kind has succeeded on a branch of ours.
func (i Interest) status(p payload, event *bot.Event) string {
	for _, branch := range p.Branches {
		if i.Merges && p.State == "success" && i.isOurs(branch.Name) {
			return p.visit(event)
		}
	}
	return notFollowed
}

// repository: it came, went, or is another now.
func (i Interest) repository(p payload, event *bot.Event) string {
	full := p.Repository.FullName
	owner, name, _ := strings.Cut(full, "/")
	former := p.Changes.Owner.From.User.Login + p.Changes.Owner.From.Organization.Login // one of them
	switch p.Action {
	case "created", "unarchived", "edited", "publicized", "privatized":
	case "renamed":
		name = p.Changes.Repository.Name.From
		event.Forget = []string{full, owner + "/" + name}
	case "transferred":
		event.Forget = []string{full, former + "/" + name}
	case "deleted", "archived":
		event.Forget = []string{full}
		return ""
	default:
		return noReason
	}
	if full == "" || !i.Watch(full) {
		if len(event.Forget) > 0 {
			return ""
		}
		return notWatched
	}
	return p.visit(event)
}

// installation: an account lets us in, shows us the door, or grants other repositories.
func (i Interest) installation(p payload, event *bot.Event) string {
	var granted bool
	switch p.Action {
	case "created", "unsuspend", "new_permissions_accepted", "added":
		granted = true
	case "deleted", "suspend", "removed":
	default:
		return noReason
	}
	for _, repository := range slices.Concat(p.Repositories, p.RepositoriesAdded, p.RepositoriesRemoved) {
		if i.Watch(repository.FullName) {
			event.Forget = append(event.Forget, repository.FullName)
		}
	}
	if granted {
		event.Visit = event.Forget
	}
	if unnamed := granted && p.Repositories == nil && p.RepositoriesAdded == nil; unnamed || len(event.Forget) > most {
		event.Forget, event.Visit, event.Fleet = nil, nil, true
	}
	if event.Forget == nil && !event.Fleet {
		return notWatched
	}
	return ""
}
