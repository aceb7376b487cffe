package bot

import (
	"fmt"
	"strings"
)

// needlessShown is how many references are named when a proposal is closed.
const needlessShown = 5

// needless says of a proposal that nothing asks for any more how its image stands now.
func (r *round) needless(proposal Proposal) string {
	rows := r.rowsOf(proposal)
	if len(rows) == 0 {
		return "no file names its image in that way any more"
	}
	return fmt.Sprintf("%s:%d: %s", rows[0].File, rows[0].Line, rows[0].Reason)
}

// needlessMarkdown is the same in full, for a comment.
func (r *round) needlessMarkdown(proposal Proposal) string {
	var facts []string
	for _, row := range r.rowsOf(proposal) {
		name := ShortName(row.Image)
		if row.Tag != "" {
			name += ":" + row.Tag
		}
		facts = append(facts, code(name)+" at "+code(fmt.Sprintf("%s:%d", row.File, row.Line))+" stays ("+escape(row.Reason)+")")
	}
	switch {
	case len(facts) == 0:
		return "none of them names its image in that way any more"
	case len(facts) > needlessShown:
		facts = append(facts[:needlessShown], fmt.Sprintf("and %d more", len(facts)-needlessShown))
	}
	return strings.Join(facts, ", ")
}

func (r *round) rowsOf(proposal Proposal) []Unchanged {
	var rows []Unchanged
	for _, row := range r.plan.Unchanged {
		if row.Image != "" && (r.imageBranch(row.Image) == proposal.Branch || proposal.Branch == r.wholeBranch()) {
			rows = append(rows, row)
		}
	}
	return rows
}
