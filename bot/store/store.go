// Package store says what basebump remembers between cycles, and what of it people ask for. It holds values and contracts only: each
// database has a package below this one, and storetest holds all of them to the same behaviour.
//
// Nothing here is the truth: repositories, registries and pull requests are. A lost store costs the dates on which images were first
// seen, the reports that need not be made again, and history.
package store

import (
	"context"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan/cache"
)

// Store is everything a database has to offer. Consumers ask for the part they need. Safe for concurrent use, by several processes
// too. Times are kept in UTC, to the microsecond; errors are classified by package fault.
type Store interface {
	bot.Store
	bot.Orders
	bot.Notes
	cache.Store
	// SaveCycle keeps the account of a finished cycle, and drops what nothing has renewed for Age, a report or catalogue for ReportAge, a tag
	// list for TagListAge.
	SaveCycle(ctx context.Context, cycle Cycle) error
	// TagList returns what the resolver kept of an image's tags; nil when it is not there.
	TagList(ctx context.Context, image string) ([]byte, error)
	// SaveTagList keeps it, in the place of what was kept before.
	SaveTagList(ctx context.Context, image string, list []byte, now time.Time) error
	// Overview returns the state of the whole fleet.
	Overview(ctx context.Context) (Overview, error)
	// Repository returns the state of one repository; fault.NotFound for one that no cycle has seen.
	Repository(ctx context.Context, name string) (Repository, error)
	// Ready returns nil while the state can be read.
	Ready(ctx context.Context) error
	Close() error
}

// How long is kept what no cycle renews.
const (
	Age        = 365 * 24 * time.Hour
	TagListAge = 2 * 24 * time.Hour
	ReportAge  = 30 * 24 * time.Hour // a report in use is renewed, and its catalogue used, with every new database
)

// Limit is how many rows of one kind an answer holds at most.
const Limit = 500

// Ended is the state of a proposal that was open once and is not any more, when nobody looked whether it was merged.
const Ended bot.State = "ended"

// Cycle is the account of one cycle.
type Cycle struct {
	Started, Finished time.Time
	Repositories      int    // looked at
	Bumps             int    // found, whether proposed or not
	Failures          int    // repositories and references with which something could not be done
	Requests          int    // to registries
	Error             string // why the cycle as a whole ended early; empty when it did not
}

// Overview is the state of the fleet. Each list holds at most Limit rows.
type Overview struct {
	Last         *Cycle     // nil before the first
	Proposals    []Proposal // open ones first, then the newest
	Held         []Held     // what was not proposed, by repository
	Problems     []Row      // what could not be done, by repository, file and line
	Repositories []Summary  // by name
	Totals       Totals
}

// Totals counts what the lists of an Overview may cut.
type Totals struct {
	Repositories, Open, Held, Problems int
}

// Proposal is a pull request as it was last seen; its Body is not kept.
type Proposal struct {
	Repository string // OWNER/NAME
	bot.Proposal
	First, Updated time.Time
}

// Held is a group of bumps that is not proposed, and why.
type Held struct {
	Repository string
	Title      string
	Action     bot.Action
	Reason     string
}

// Row is a reference that stays, and why.
type Row struct {
	Repository string
	bot.Unchanged
}

// Summary counts what there is to know of one repository.
type Summary struct {
	Name     string
	Seen     time.Time // when it was last looked at
	Planned  time.Time // when that last gave a plan; zero when never
	Open     int       // proposals
	Held     int
	Rows     int // references that stay
	Problems int // of them, with which something could not be done
	Error    string
}

// Repository is the state of one repository.
type Repository struct {
	Summary
	Proposals []Proposal
	Held      []Held
	Rows      []Row // what could not be done first, then by file and line
}
