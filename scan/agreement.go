package scan

import "slices"

// Agreement says whose word counts when several scanners look at the same thing.
type Agreement string

const (
	All   Agreement = "all"   // every scanner must accept; the default
	First Agreement = "first" // the first scanner's word counts, the others' are shown
	Any   Agreement = "any"   // one scanner that accepts is enough
)

// Opinion is what one scanner says of a move, or why it could not say anything. What is not known is no acceptance.
type Opinion struct {
	Accepted bool
	Err      error
}

// Settle returns the place of the opinion that decides. Opinions are in the order of the scanners; there is at least one. The error is
// that of a scanner without which there is no answer: it is returned only where its word could have made another one.
func (a Agreement) Settle(opinions []Opinion) (int, error) {
	accepts := func(o Opinion) bool { return o.Err == nil && o.Accepted }
	rejects := func(o Opinion) bool { return o.Err == nil && !o.Accepted }
	unknown := func(o Opinion) bool { return o.Err != nil }
	decides := rejects
	switch a {
	case First:
		return 0, opinions[0].Err
	case Any:
		decides = accepts
	}
	if i := slices.IndexFunc(opinions, decides); i >= 0 {
		return i, nil
	}
	if i := slices.IndexFunc(opinions, unknown); i >= 0 {
		return i, opinions[i].Err
	}
	return 0, nil
}
