package bot

import (
	"time"

	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

// Plan is what would change in one repository, and why everything else stays. Its JSON is the output of `basebump plan`.
type Plan struct {
	Bumps     []Bump      `json:"bumps"`
	Unchanged []Unchanged `json:"unchanged"`
	Requests  Requests    `json:"requests"`
	Others    []Other     `json:"others,omitempty"` // other updaters of the same images
}

// Requests counts what a plan cost.
type Requests struct {
	Registry int `json:"registry"`
}

// Bump is an accepted move of one image over every reference that names it.
type Bump struct {
	Image      string               `json:"image"`
	From       Version              `json:"from"`
	To         Version              `json:"to"`
	Verdict    scan.Verdict         `json:"verdict"`
	Fixed      []scan.Vulnerability `json:"fixed"`
	Introduced []scan.Vulnerability `json:"introduced"`
	Remaining  []scan.Vulnerability `json:"remaining"`
	Files      []Place              `json:"files"`
	SetAside   []scan.SetAside      `json:"set_aside,omitempty"` // by VEX; in none of the lists above
	Ignored    map[string]string    `json:"ignored,omitempty"`   // why one of the lists above does not count, by its id
	Scanners   []Said               `json:"scanners,omitempty"`  // what each says, the one whose lists these are first
	Rejected   []Rejection          `json:"rejected,omitempty"`  // newer candidates that were not chosen
	Findings   []Finding            `json:"findings,omitempty"`  // what will still be the matter after the move
	Signature  string               `json:"signature,omitempty"` // who signed the image moved to; empty where that plays no part

	References []dockerfile.Reference `json:"-"`
	Proof      *Proof                 `json:"-"`
}

// Version is one state of an image.
type Version struct {
	Tag     string     `json:"tag"`
	Digest  string     `json:"digest"`            // empty when not pinned
	Created *time.Time `json:"created,omitempty"` // nil when the image does not say
}

// Place is where a reference stands.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

// Rejection is a candidate that the policy refused.
type Rejection struct {
	Tag     string   `json:"tag"`
	Digest  string   `json:"digest"` // empty for a tag that was never asked for
	Reasons []string `json:"reasons"`
}

// Unchanged is one reference that stays, or one line that could not be read, and why.
type Unchanged struct {
	Image  string `json:"image"`
	Tag    string `json:"tag"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	Failed bool   `json:"failed,omitempty"` // not a decision: something could not be done

	Findings []Finding `json:"findings,omitempty"` // their texts are in the reason, too
}

// IsPin says that the bump only writes down the digest that the tag answers today.
func (b Bump) IsPin() bool { return b.From.Digest == "" && b.From.Tag == b.To.Tag }

// Verified says that both images were scanned; a pin, whose content does not change, needs no scan.
func (b Bump) Verified() bool { return b.Proof != nil && len(b.Proof.Next) > 0 }

// Failed says whether something could not be done.
func (p Plan) Failed() bool {
	for _, row := range p.Unchanged {
		if row.Failed {
			return true
		}
	}
	return false
}
