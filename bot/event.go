package bot

// Event is what a forge tells of, boiled down to what it gives reason to do. It is a hint: the next cycle finds out all of it too, but
// for comments.
type Event struct {
	ID   string // of the delivery; a second delivery of the same has the same
	Name string // the forge's own, such as "push" or "pull_request closed"

	Visit   []string `json:",omitempty"` // repositories (OWNER/NAME) to look at soon
	Forget  []string `json:",omitempty"` // repositories of which it is not known any more who may write to them
	Fleet   bool     `json:",omitempty"` // more changed than is worth naming: forget of all, and look at all
	Comment *Comment `json:",omitempty"` // to answer
	Issue   *Issue   `json:",omitempty"` // to answer
	Pull    *Pull    `json:",omitempty"` // to look through
	Recheck *Recheck `json:",omitempty"` // to be shown anew by the visit
}

// Recheck is a check of ours that a person asks for again.
type Recheck struct {
	Repository string // OWNER/NAME
	Branch     string
	By         string // the person's login
}

// Issue is an issue of ours that a person has edited.
type Issue struct {
	Repository string // OWNER/NAME
	Number     int
	Editor     string
}

// Pull is a pull request that somebody else has opened or pushed to.
type Pull struct {
	Repository string // OWNER/NAME
	Number     int
	Head       string // commit id
}
