package scan

import (
	"cmp"
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
	found, packages := newOccurrences(largest(current)), packageSet{}
	for n := range candidate {
		i := slices.IndexFunc(current, func(old Report) bool { return old.Platform == candidate[n].Platform })
		if i < 0 {
			continue
		}
		found.add(n+1, &current[i], &candidate[n])
		packages.add(&current[i], &candidate[n])
	}
	diff := Diff{
		Fixed: found.list((*occurrence).fixed), Introduced: found.list((*occurrence).new), Remaining: found.list((*occurrence).remaining),
		SetAside: found.setAside(),
	}
	packages.compare(&diff)
	return diff
}

// largest is the greatest number of vulnerabilities in one report.
func largest(reports []Report) int {
	most := 0
	for _, report := range reports {
		most = max(most, len(report.Vulnerabilities))
	}
	return most
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

type packageKey struct{ name, kind string }

// packagePair is one package in both images; nil: not there.
type packagePair struct{ before, after *Package }

// packageSet holds one version a name: an image with two versions of one package (nested node modules) is compared by the last.
type packageSet map[packageKey]packagePair

func (s packageSet) add(current, candidate *Report) {
	for i := range current.Packages {
		p := &current.Packages[i]
		key := packageKey{p.Name, p.Type}
		pair := s[key]
		pair.before = p
		s[key] = pair
	}
	for i := range candidate.Packages {
		p := &candidate.Packages[i]
		key := packageKey{p.Name, p.Type}
		pair := s[key]
		pair.after = p
		s[key] = pair
	}
}

// compare fills in what became of the packages.
func (s packageSet) compare(d *Diff) {
	for _, pair := range s {
		switch old, new := pair.before, pair.after; {
		case new == nil:
			d.Removed = append(d.Removed, *old)
		case old == nil:
			d.Added = append(d.Added, *new)
		case old.Version != new.Version:
			d.Changed = append(d.Changed, PackageChange{Name: old.Name, Type: old.Type, From: old.Version, To: new.Version})
		}
	}
	byName := func(a, b Package) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type)) }
	slices.SortFunc(d.Added, byName)
	slices.SortFunc(d.Removed, byName)
	slices.SortFunc(d.Changed, func(a, b PackageChange) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
}
