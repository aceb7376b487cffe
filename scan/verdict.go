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
	Urgent          Severity      // fixing this or worse waives MinAge; so does fixing what is known to be exploited
	UrgentEPSS      float64       // so does fixing what is exploited within a month with this probability or a higher one; 0: it does not
	BlockIntroduced Severity      // introducing this or worse is refused
	MaxSeverity     *Severity     // holding this or worse is refused; nil: anything may remain
	MaxGrowth       Growth        // in size
	EndOfLife       EndOfLife     // of the operating system
	Signatures      Signatures    // who has to have signed a candidate; not asked by Judge
	Ignored         Exempt        // does not count; nil: all count
	Worthless       Exempt        // is no reason for a move, but counts when a move introduces it; nil: all are
}

// Exempt says whether a vulnerability in an image is left out of account at a time, and why.
type Exempt func(image, id string, now time.Time) (why string, ok bool)

// Has is false for a nil Exempt.
func (x Exempt) Has(image, id string, now time.Time) bool {
	if x == nil {
		return false
	}
	_, ok := x(image, id, now)
	return ok
}

// When says what a candidate must bring.
type When string

const (
	Vulnerable When = "vulnerable" // it fixes something
	Always     When = "always"     // it is newer
)

// Evidence is what is known of a move. All of it is given: the judgement reads no clock.
type Evidence struct {
	Image                 string // canonical repository of the candidate
	Diff                  Diff
	Lost                  []string // platforms of the current image that the candidate lacks
	Blank                 []string // platforms on which the candidate shows no package any more, see Blank
	Created               time.Time
	FirstSeen             time.Time // when we first observed the candidate; zero when unknown
	Ended                 string    // what of its operating system's release is over, in words; empty: nothing known
	EndedBefore           bool      // so is that of today's image
	SizeBefore, SizeAfter int64     // compressed bytes of today's image and of the candidate
	Now                   time.Time
}

// rule is one question of the policy: its answer and the phrase that a person reads, which may be empty for a "yes".
type rule func(Policy, Evidence) (ok bool, phrase string)

var rules = [...]rule{keepsPlatforms, recognisesPackages, introducesNothing, staysBelow, isSupported, growsLittle, fixesSomething, isOldEnough}

// Judge asks every rule.
func (p Policy) Judge(evidence Evidence) Verdict {
	evidence.Diff = evidence.Diff.Without(func(v Vulnerability) bool { return p.Ignored.Has(evidence.Image, v.ID, evidence.Now) })
	evidence.Diff.Fixed = slices.DeleteFunc(evidence.Diff.Fixed, func(v Vulnerability) bool {
		return p.Worthless.Has(evidence.Image, v.ID, evidence.Now)
	})
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
