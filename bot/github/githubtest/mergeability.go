package githubtest

// mergeability is what GitHub finds when it tries a merge in the background.
type mergeability struct {
	mergeable any // true or false; null while unknown and once merged
	state     string
}

func (r *repository) mergeability(i *issue) (mergeability, error) {
	p := i.pull
	if !i.open() {
		return mergeability{nil, "unknown"}, nil
	}
	baseID, ok := r.git.head(p.base)
	if !ok {
		return mergeability{false, "unknown"}, nil
	}
	base, err := r.git.commit(baseID)
	if err != nil {
		return mergeability{}, err
	}
	head, err := r.git.commit(p.headID)
	if err != nil {
		return mergeability{}, err
	}
	_, conflicts, err := r.git.merge(base, head)
	if err != nil {
		return mergeability{}, err
	}
	if len(conflicts) > 0 {
		return mergeability{false, "dirty"}, nil
	}
	behind, err := r.git.ahead(p.headID, baseID)
	if err != nil {
		return mergeability{}, err
	}
	return mergeability{true, r.mergeState(p, behind)}, nil
}

// mergeState is the word for a request without conflicts.
func (r *repository) mergeState(p *pull, behind int) string {
	rule, protected := r.protected[p.base]
	green, failing := r.rollup(p.headID, rule.checks)
	switch {
	case p.draft:
		return "draft"
	case protected && rule.strict && behind > 0:
		return "behind"
	case protected && !green:
		return "blocked"
	case failing:
		return "unstable"
	}
	return "clean"
}
