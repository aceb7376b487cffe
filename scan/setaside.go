package scan

import "slices"

// SetAside is a vulnerability that does not count, and why.
type SetAside struct {
	Vulnerability
	Why string `json:"why"`
}

// onEachOnce leaves out what is set aside on another platform already, and sorts.
func onEachOnce(list []SetAside) []SetAside {
	seen := vulnerabilitySet{}
	list = slices.DeleteFunc(slices.Clone(list), func(s SetAside) bool {
		known := seen.has(s.Vulnerability)
		seen.add([]Vulnerability{s.Vulnerability})
		return known
	})
	slices.SortStableFunc(list, func(a, b SetAside) int { return Order(a.Vulnerability, b.Vulnerability) })
	return list
}
