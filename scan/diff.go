package scan

import (
	"cmp"
	"maps"
	"slices"
)

// Diff is what changes between the reports of two images.
type Diff struct {
	Fixed      []Vulnerability // in the current image on some platform, in the candidate on none, not even set aside
	Introduced []Vulnerability // in the candidate on a platform where the current image does not have it
	Remaining  []Vulnerability // in both
	SetAside   []SetAside      // in the candidate; in none of the lists above
	Added      []Package
	Removed    []Package
	Changed    []PackageChange
}

// PackageChange is one package in two versions.
type PackageChange struct {
	Name string `json:"name"`
	Type string `json:"type"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Compare compares two images over the platforms that both lists have; whether a platform is missing is for the caller to judge.
// A vulnerability is the same one when id, package and package type are.
func Compare(current, candidate []Report) Diff {
	var diff Diff
	before, after, introduced, aside := vulnerabilitySet{}, vulnerabilitySet{}, vulnerabilitySet{}, vulnerabilitySet{}
	oldPackages, newPackages := packageSet{}, packageSet{}
	for _, new := range candidate {
		i := slices.IndexFunc(current, func(old Report) bool { return old.Platform == new.Platform })
		if i < 0 {
			continue
		}
		here := make(vulnerabilitySet, len(current[i].Vulnerabilities))
		here.add(current[i].Vulnerabilities)
		maps.Copy(before, here)
		after.add(new.Vulnerabilities)
		for v := range new.Vulnerabilities {
			if key := keyOf(&new.Vulnerabilities[v]); here[key] == nil {
				introduced[key] = &new.Vulnerabilities[v]
			}
		}
		for _, s := range new.SetAside {
			if key := keyOf(&s.Vulnerability); aside[key] == nil {
				aside[key] = &s.Vulnerability
				diff.SetAside = append(diff.SetAside, s)
			}
		}
		oldPackages.add(current[i].Packages)
		newPackages.add(new.Packages)
	}
	diff.Fixed = before.list(func(key vulnerabilityKey) bool { return after[key] == nil && aside[key] == nil })
	diff.Introduced = introduced.list(func(vulnerabilityKey) bool { return true })
	diff.Remaining = after.list(func(key vulnerabilityKey) bool { return before[key] != nil && introduced[key] == nil })
	slices.SortStableFunc(diff.SetAside, func(a, b SetAside) int { return order(&a.Vulnerability, &b.Vulnerability) })
	diff.comparePackages(oldPackages, newPackages)
	return diff
}

// Without returns the diff less the vulnerabilities that drop selects.
func (d Diff) Without(drop func(Vulnerability) bool) Diff {
	d.Fixed = slices.DeleteFunc(slices.Clone(d.Fixed), drop)
	d.Introduced = slices.DeleteFunc(slices.Clone(d.Introduced), drop)
	d.Remaining = slices.DeleteFunc(slices.Clone(d.Remaining), drop)
	return d
}

// VersionAfter returns the candidate's version of a package that changed, or "" when it was removed.
func (d Diff) VersionAfter(name, kind string) string {
	for _, change := range d.Changed {
		if change.Name == name && change.Type == kind {
			return change.To
		}
	}
	return ""
}

func (d *Diff) comparePackages(before, after packageSet) {
	for key, old := range before {
		new, kept := after[key]
		switch {
		case !kept:
			d.Removed = append(d.Removed, old)
		case old.Version != new.Version:
			d.Changed = append(d.Changed, PackageChange{Name: old.Name, Type: old.Type, From: old.Version, To: new.Version})
		}
	}
	for key, new := range after {
		if _, had := before[key]; !had {
			d.Added = append(d.Added, new)
		}
	}
	byName := func(a, b Package) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) }
	slices.SortFunc(d.Added, byName)
	slices.SortFunc(d.Removed, byName)
	slices.SortFunc(d.Changed, func(a, b PackageChange) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
}

type vulnerabilityKey struct{ id, pkg, kind string }

// vulnerabilitySet points into reports.
type vulnerabilitySet map[vulnerabilityKey]*Vulnerability

func keyOf(v *Vulnerability) vulnerabilityKey { return vulnerabilityKey{v.ID, v.Package, v.Type} }

func (s vulnerabilitySet) add(list []Vulnerability) {
	for i := range list {
		s[keyOf(&list[i])] = &list[i]
	}
}

// list returns copies of those whose keys are to be kept, in the order of Sort.
func (s vulnerabilitySet) list(keep func(vulnerabilityKey) bool) []Vulnerability {
	var kept []*Vulnerability
	for key, v := range s {
		if keep(key) {
			kept = append(kept, v)
		}
	}
	slices.SortFunc(kept, order)
	list := make([]Vulnerability, len(kept))
	for i, v := range kept {
		list[i] = *v
	}
	return list
}

type packageKey struct{ name, kind string }

// packageSet holds one version a name: an image with two versions of one package (nested node modules) is compared by the last.
type packageSet map[packageKey]Package

func (s packageSet) add(list []Package) {
	for _, p := range list {
		s[packageKey{p.Name, p.Type}] = p
	}
}
