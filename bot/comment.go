package bot

import "time"

// Comment is what somebody wrote below an issue or a pull request.
type Comment struct {
	Repository    string // OWNER/NAME
	Number        int    // of the issue or pull request
	ID            int64
	Author        string
	Body          string
	IsPullRequest bool
	FromBot       bool // the author is no person

	Updated time.Time `json:"-"` // when it was written or changed last, where that is known
}
