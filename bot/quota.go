package bot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/basebump/basebump/scan"
)

// quota is what is left below the limits of one repository and of all of its owner's.
type quota struct {
	here, total int // left
	limited     bool
	open, all   int // open now
}

// quota counts what is left once the proposals that others take the place of are closed.
func (p *Proposer) quota(open []Proposal, all []wanted, elsewhere int) quota {
	stay := 0
	for _, proposal := range open {
		covered := slices.ContainsFunc(all, func(w wanted) bool { return p.covers(w, proposal) })
		asked := slices.ContainsFunc(all, func(w wanted) bool { return w.change.Branch == proposal.Branch })
		if asked || !covered {
			stay++
		}
	}
	return quota{
		here: p.Settings.Limit - stay, total: p.Settings.LimitTotal - elsewhere - stay, limited: p.Settings.LimitTotal > 0,
		open: stay, all: elsewhere + stay,
	}
}

func (q *quota) none() bool { return q.here <= 0 || q.limited && q.total <= 0 }

func (q *quota) take() {
	q.here--
	q.total--
	q.open++
	q.all++
}

// why says which limit is met.
func (q *quota) why() string {
	if q.here <= 0 {
		return fmt.Sprintf("%d pull requests are open (pull_requests.limit)", q.open)
	}
	return fmt.Sprintf("%d pull requests are open in all repositories of this owner (pull_requests.limit_total)", q.all)
}

// urgent orders what is wanted so that the worst that is fixed comes first: known exploits, then by severity, then by number.
func urgent(all []wanted) {
	slices.SortStableFunc(all, func(a, b wanted) int {
		x, y := fixedBy(a.bumps), fixedBy(b.bumps)
		if order := cmp.Compare(len(knownExploited(y)), len(knownExploited(x))); order != 0 {
			return order
		}
		of, than := scan.Count(x), scan.Count(y)
		for _, severity := range scan.Severities() {
			if order := cmp.Compare(than[severity], of[severity]); order != 0 {
				return order
			}
		}
		return 0
	})
}

func fixedBy(bumps []Bump) []scan.Vulnerability {
	var fixed []scan.Vulnerability
	for _, bump := range bumps {
		fixed = append(fixed, bump.Fixed...)
	}
	return fixed
}
