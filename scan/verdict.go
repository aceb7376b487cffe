package scan

import (
	"slices"
	"time"
)

// Verdict is what the policy says of a move.
type Verdict struct {
	Accepted bool     `json:"accepted"`
	Reasons  []string `json:"reasons"` // why: every objection when rejected, what speaks for it when accepted
}

// Policy is what a move must satisfy.
type Policy struct {
	When            When
	MinAge          time.Duration // a candidate younger than this waits
	Urgent          Severity      // fixing this or worse waives MinAge
	BlockIntroduced Severity      // introducing this or worse is refused
	Signatures      Signatures    // who has to have signed a candidate; not asked by Judge
	// Ignored says whether a vulnerability in an image does not count at a time; nil: all count.
	Ignored func(image, id string, now time.Time) bool
	// Worthless says the same of fixes alone: it is no reason for a move, but counts when a move introduces it; nil: all count.
	Worthless func(image, id string, now time.Time) bool
}

// When says what a candidate must bring.
type When string

const (
	Vulnerable When = "vulnerable" // it fixes something
	Always     When = "always"     // it is newer
)

// Evidence is what is known of a move. All of it is given: the judgement reads no clock.
type Evidence struct {
	Image     string // canonical repository of the candidate
	Diff      Diff
	Lost      []string // platforms of the current image that the candidate lacks
	Blank     []string // platforms on which the candidate shows no package any more, see Blank
	Created   time.Time
	FirstSeen time.Time // when we first observed the candidate; zero when unknown
	Now       time.Time
}

// rule is one question of the policy: its answer and the phrase that a person reads, which may be empty for a "yes".
type rule func(Policy, Evidence) (ok bool, phrase string)

var rules = [...]rule{keepsPlatforms, recognisesPackages, introducesNothing, fixesSomething, isOldEnough}

// Judge asks every rule.
func (p Policy) Judge(evidence Evidence) Verdict {
	if p.Ignored != nil {
		evidence.Diff = evidence.Diff.Without(func(v Vulnerability) bool { return p.Ignored(evidence.Image, v.ID, evidence.Now) })
	}
	if p.Worthless != nil {
		evidence.Diff.Fixed = slices.DeleteFunc(slices.Clone(evidence.Diff.Fixed), func(v Vulnerability) bool {
			return p.Worthless(evidence.Image, v.ID, evidence.Now)
		})
	}
	verdict := Verdict{Accepted: true}
	var objections []string
	for _, ask := range rules {
		ok, phrase := ask(p, evidence)
		switch {
		case !ok:
			objections = append(objections, phrase)
		case phrase != "":
			verdict.Reasons = append(verdict.Reasons, phrase)
		}
	}
	if len(objections) > 0 {
		return Verdict{Reasons: objections}
	}
	return verdict
}
