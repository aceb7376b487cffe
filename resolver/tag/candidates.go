package tag

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// Query asks what a tag could move to.
type Query struct {
	Image        string // canonical repository: docker.io/library/node
	Current      string
	Update       Level
	Distribution Distribution
	Now          time.Time
	Data         *Data // nil: Builtin()
}

// Candidate is a newer tag of the same form.
type Candidate struct {
	Tag   string
	Level Level // of the move; never Digest
}

// Held is a newer tag that the rules keep back.
type Held struct {
	Tag    string
	Reason string // "a major step"
}

// Result is what a list of tags offers.
type Result struct {
	Candidates []Candidate // the newest of each allowed level, newest first
	Held       []Held      // the newest for each reason, newest first
	Latest     bool        // the list has the tag "latest"
	Current    bool        // the list has the current tag
}

// Candidates walks over a repository's tags once and keeps only the best. The same tag in another order gives the same result.
func Candidates(q Query, tags iter.Seq[string]) Result {
	j := newJudge(q)
	if q.Update == Digest || !j.current.ordered() {
		return Result{}
	}
	best, later, held := map[Level]*parsed{}, map[Level]*parsed{}, map[string]*parsed{}
	var r Result
	released := false
	var t parsed
	for raw := range tags {
		r.Latest = r.Latest || raw == "latest"
		r.Current = r.Current || raw == q.Current
		t.read(raw, j.data)
		level, reason := j.judge(&t)
		released = released || (reason != otherForm && !t.prerelease())
		switch {
		case reason == "":
			keepNewer(best, level, &t, j.data)
		case reason == laterPre:
			keepNewer(later, j.level(&t), &t, j.data)
		case reason.tells():
			keepNewer(held, string(reason), &t, j.data)
		}
	}
	if !released { // a repository that only ever has prereleases moves by them
		for level, t := range later {
			if level <= q.Update {
				keepNewer(best, level, t, j.data)
			}
		}
	}
	j.result(&r, best, held)
	return r
}

// Explain says why a tag is no candidate; "" when it is one.
func Explain(q Query, raw string) string {
	j := newJudge(q)
	var t parsed
	t.read(raw, j.data)
	_, reason := j.judge(&t)
	return string(reason)
}

func keepNewer[K comparable](best map[K]*parsed, key K, t *parsed, data *Data) {
	switch old, ok := best[key]; {
	case !ok:
		copied := *t
		best[key] = &copied
	case compare(t, old, data) > 0 || (compare(t, old, data) == 0 && t.raw < old.raw):
		*old = *t
	}
}

// surpassed says that a candidate is newer than a prerelease, of which nobody needs to know any more.
func (j *judge) surpassed(t *parsed, best map[Level]*parsed) bool {
	for _, candidate := range best {
		if compare(candidate, t, j.data) > 0 {
			return true
		}
	}
	return false
}

func (j *judge) result(r *Result, best map[Level]*parsed, held map[string]*parsed) {
	for level := Major; level >= Patch; level-- {
		if t, ok := best[level]; ok {
			r.Candidates = append(r.Candidates, Candidate{Tag: strings.Clone(t.raw), Level: level})
		}
	}
	reasons := make([]string, 0, len(held))
	for reason, t := range held {
		if !t.prerelease() || !j.surpassed(t, best) {
			reasons = append(reasons, reason)
		}
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if order := compare(held[b], held[a], j.data); order != 0 {
			return order
		}
		return strings.Compare(a, b)
	})
	for _, reason := range reasons {
		r.Held = append(r.Held, Held{Tag: strings.Clone(held[reason].raw), Reason: reason})
	}
}
