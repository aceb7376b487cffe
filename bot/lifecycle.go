package bot

// Facts are all that the next step of one proposal depends on.
type Facts struct {
	Pull     State     // of its pull request: the open one, else the newest; None when there never was one
	Tip      Holder    // what its branch holds
	Want     Want      // what the plan asks for
	Declined bool      // a person closed a pull request that showed the very candidate that is wanted
	Reopened bool      // we closed it, and a person opened it again
	Stale    bool      // the base has moved so that the commit must follow
	Full     bool      // no place is left below the limits
	Order    OrderKind // what a person told us, beyond what they say by closing, reopening, merging and pushing
}

// Holder says whose commits a branch holds.
type Holder string

const (
	Absent  Holder = "absent"        // there is no such branch
	Ours    Holder = "ours"          // the one commit that we made
	Updated Holder = "ours and base" // that, and merges of the base that change none of it, as GitHub's "Update branch" makes them
	Theirs  Holder = "theirs"        // something that somebody else made
)

// Want is what a plan asks of a proposal, compared with what the proposal shows.
type Want string

const (
	Nothing  Want = "nothing"  // the files no longer need it
	Unclear  Want = "unclear"  // something could not be done, so the files may need it still
	Covered  Want = "covered"  // another proposal asks for the same
	Same     Want = "same"     // exactly what it shows
	Reworded Want = "reworded" // the same files; other words, or another check
	Newer    Want = "newer"    // other files: a newer candidate, or files that have changed
)

// Next is what is to be done, named by what becomes of the proposal. It is the whole of the life cycle that docs/proposals.md draws.
func (f Facts) Next() Action {
	wanted := f.Want == Same || f.Want == Reworded || f.Want == Newer
	switch {
	case f.Pull == Open:
		return f.nextOpen()
	case !wanted && f.Pull == Merged:
		return Landed
	case !wanted && f.Pull == Closed:
		return Declined
	case !wanted:
		return Current
	case f.Declined && f.Order != OrderRecreate:
		return Declined
	case f.Tip == Theirs && (f.Pull == None || !f.overrules()):
		return Taken
	case f.Full && f.Order != OrderOpen:
		return Waiting
	}
	return Opened
}

func (f Facts) nextOpen() Action {
	switch {
	case f.Order == OrderHold:
		return Held
	case f.Tip == Absent: // the forge is about to close it
		return Declined
	case f.Tip == Theirs && !f.overrules():
		return Frozen
	case f.Want == Unclear:
		return Kept
	case f.Reopened && f.needless():
		return Spared
	case f.Want == Covered:
		return Superseded
	case f.needless():
		return Obsolete
	case f.Want == Newer:
		return Refreshed
	case f.Stale, f.overrules():
		return Rebased
	case f.Want == Reworded, f.Tip == Updated, f.Order == OrderRecheck:
		return Refreshed
	}
	return Current
}

// needless says that an open proposal has nothing to offer: it is to be closed, unless a person wants it all the same.
func (f Facts) needless() bool {
	return f.Want == Covered || f.Want == Nothing || f.Want == Newer && f.Declined && f.Order != OrderRecreate
}

// overrules says that a person lets us throw away what others pushed.
func (f Facts) overrules() bool { return f.Order == OrderRebase || f.Order == OrderRecreate }

// Action is what became of a group of bumps.
type Action string

const (
	Opened     Action = "opened"
	Refreshed  Action = "refreshed"
	Rebased    Action = "rebased"
	Current    Action = "up to date"
	Kept       Action = "left open"        // nobody knows whether it is needed still
	Spared     Action = "left as reopened" // it was closed as needless, and a person opened it again
	Declined   Action = "declined"         // closed by a person: a "no" to this candidate
	Waiting    Action = "waiting"          // for a place below the limit
	Held       Action = "on hold"          // a person asked for that
	Frozen     Action = "frozen"           // a person pushed to the branch
	Taken      Action = "branch taken"
	Obsolete   Action = "closed as obsolete"
	Superseded Action = "closed as superseded"
	Landed     Action = "merged"
	Yielded    Action = "left to another updater"
)

// isOff says that nothing could be done yet, whatever was ordered.
func (a Action) isOff() bool { return a == Waiting || a == Kept }
