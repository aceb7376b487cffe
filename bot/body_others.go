package bot

import (
	"slices"
	"strings"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// othersLine says what the scanners make of a move whose lists are not shown.
func othersLine(proof *Proof) string {
	if len(proof.Others) == 0 {
		return ""
	}
	said := make([]string, len(proof.Others))
	for i, other := range proof.Others {
		said[i] = escape(capital(other.Scanner)) + " " + other.inShort(proof.Opinion)
	}
	return "**Second opinion**: the lists are " + escape(capital(proof.Scanner)) + "'s. " + strings.Join(said, ". ") + "."
}

// inShort is an opinion beside the one that is shown.
func (o Opinion) inShort(shown Opinion) string {
	switch {
	case o.Err != nil:
		return withCause("could not scan it", fault.Text(o.Err))
	case !o.Verdict.Accepted:
		return "rejects it: " + escapeAll(o.Verdict.Reasons)
	}
	text := "accepts it: " + countsLine(o.Diff.Fixed, o.Diff.Introduced)
	first := "for " + escape(capital(shown.Scanner)) + " alone: "
	differences := slices.DeleteFunc([]string{
		onlyIn(o.Diff.Fixed, shown.Diff.Fixed, "fixed for it alone: "),
		onlyIn(shown.Diff.Fixed, o.Diff.Fixed, "fixed "+first),
		onlyIn(o.left(), shown.left(), "remaining for it alone: "),
		onlyIn(shown.left(), o.left(), "remaining "+first),
	}, func(text string) bool { return text == "" })
	if len(differences) == 0 {
		return text
	}
	return text + " (" + strings.Join(differences, "; ") + ")"
}

// left is what the newer image holds.
func (o Opinion) left() []scan.Vulnerability {
	return slices.Concat(o.Diff.Introduced, o.Diff.Remaining)
}

// onlyIn names the vulnerabilities of one list that another lacks.
func onlyIn(list, other []scan.Vulnerability, what string) string {
	var ids []string
	for _, v := range list {
		lacks := !slices.ContainsFunc(other, func(o scan.Vulnerability) bool { return o.ID == v.ID })
		if id := escape(v.ID); lacks && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return what + enumerate(ids, 3)
}

// otherParts are the full lists of the other scanners.
func otherParts(bump Bump) []part {
	var parts []part
	for _, other := range bump.Proof.Others {
		if other.Err != nil {
			continue
		}
		proof := *bump.Proof
		proof.Opinion, proof.Others = other, nil
		theirs := Bump{
			Fixed: other.Diff.Fixed, Introduced: other.Diff.Introduced, Remaining: other.Diff.Remaining,
			SetAside: other.Diff.SetAside, Ignored: other.Ignored, Proof: &proof,
		}
		_, lists := lists(theirs, 0)
		lead := "As " + escape(capital(other.Scanner)) + " sees it:"
		if len(lists) > 0 {
			parts = append(parts, part{lead: lead, brief: lead, lists: lists})
		}
	}
	return parts
}
