package scan

import (
	"cmp"
	"math"
	"slices"
)

// Sort puts vulnerabilities in the order in which people read them: known exploited first, then the worst, then by id and package.
func Sort(list []Vulnerability) {
	slices.SortFunc(list, Order)
}

// Order is the order of Sort. The probability of being exploited counts in steps of a tenth: its digits change daily, and what people
// have read shall not move for that.
func Order(a, b Vulnerability) int { return order(&a, &b) }

func order(a, b *Vulnerability) int {
	return cmp.Or(
		exploitedFirst(a, b),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(math.Floor(10*b.EPSS), math.Floor(10*a.EPSS)),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Package, b.Package),
		cmp.Compare(a.Installed, b.Installed),
	)
}

func exploitedFirst(a, b *Vulnerability) int {
	switch {
	case a.KnownExploited == b.KnownExploited:
		return 0
	case a.KnownExploited:
		return -1
	}
	return 1
}

// Counts is how many distinct vulnerabilities (by id, each at its worst severity) there are of each severity.
type Counts map[Severity]int

// Count counts distinct ids: one CVE in five binary packages of one source is one vulnerability.
func Count(list []Vulnerability) Counts {
	worst := make(map[string]Severity, len(list))
	for _, v := range list {
		worst[v.ID] = max(worst[v.ID], v.Severity)
	}
	counts := Counts{}
	for _, severity := range worst {
		counts[severity]++
	}
	return counts
}

// Total is the number of distinct vulnerabilities.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}
