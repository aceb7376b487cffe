package scan

import "slices"

type vulnerabilityKey struct{ id, pkg, kind string }

// occurrence is where one vulnerability is found: of what the reports say of it, the last word. All point into the reports.
type occurrence struct {
	before, after, introduced *Vulnerability // nil: not there
	aside                     *SetAside      // in the candidate
	here                      int            // the number of the last platform on which the current image has it; from 1
}

// occurrences are all of two images, found by key. Each vulnerability of each report costs one look into the index.
type occurrences struct {
	index map[vulnerabilityKey]int
	rows  []occurrence
}

func newOccurrences(some int) *occurrences {
	return &occurrences{index: make(map[vulnerabilityKey]int, some), rows: make([]occurrence, 0, some)}
}

func (o *occurrences) of(v *Vulnerability) *occurrence {
	key := vulnerabilityKey{v.ID, v.Package, v.Type}
	i, known := o.index[key]
	if !known {
		i = len(o.rows)
		o.index[key] = i
		o.rows = append(o.rows, occurrence{})
	}
	return &o.rows[i]
}

// add enters what both images have on a platform.
func (o *occurrences) add(platform int, current, candidate *Report) {
	for i := range current.Vulnerabilities {
		v := &current.Vulnerabilities[i]
		row := o.of(v)
		row.before, row.here = v, platform
	}
	for i := range candidate.Vulnerabilities {
		v := &candidate.Vulnerabilities[i]
		row := o.of(v)
		row.after = v
		if row.here != platform {
			row.introduced = v
		}
	}
	for i := range candidate.SetAside {
		row := o.of(&candidate.SetAside[i].Vulnerability)
		if row.aside == nil {
			row.aside = &candidate.SetAside[i]
		}
	}
}

// list copies what pick finds in each row, in the order of Sort.
func (o *occurrences) list(pick func(*occurrence) *Vulnerability) []Vulnerability {
	var picked []*Vulnerability
	for i := range o.rows {
		if v := pick(&o.rows[i]); v != nil {
			picked = append(picked, v)
		}
	}
	slices.SortFunc(picked, order)
	list := make([]Vulnerability, len(picked))
	for i, v := range picked {
		list[i] = *v
	}
	return list
}

func (o *occurrences) setAside() []SetAside {
	var list []SetAside
	for _, row := range o.rows {
		if row.aside != nil {
			list = append(list, *row.aside)
		}
	}
	slices.SortStableFunc(list, func(a, b SetAside) int { return order(&a.Vulnerability, &b.Vulnerability) })
	return list
}

func (r *occurrence) fixed() *Vulnerability {
	if r.after != nil || r.aside != nil {
		return nil
	}
	return r.before
}

func (r *occurrence) new() *Vulnerability { return r.introduced }

func (r *occurrence) remaining() *Vulnerability {
	if r.before == nil || r.introduced != nil {
		return nil
	}
	return r.after
}
