package bot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// settle gives the proof the opinion that decides and the others.
func (p *Planner) settle(proof *Proof, opinions []Opinion) error {
	if len(opinions) == 0 {
		return errors.New("no scanner is configured")
	}
	heard := make([]scan.Opinion, len(opinions))
	for i, o := range opinions {
		heard[i] = scan.Opinion{Accepted: o.Verdict.Accepted, Err: o.Err}
	}
	i, err := p.Policy.Agreement.Settle(heard)
	if err != nil {
		return p.by(opinions[i].Scanner, err)
	}
	proof.Opinion, proof.Others = opinions[i], slices.Delete(slices.Clone(opinions), i, i+1)
	return nil
}

// stances says what each scanner makes of a move: "grype rejects it, trivy accepts it (policy.agreement is all)".
func stances(agreement scan.Agreement, opinions []Opinion) string {
	words := make([]string, len(opinions))
	for i, o := range opinions {
		words[i] = o.Scanner + " " + o.stance()
	}
	return fmt.Sprintf("%s (policy.agreement is %s)", strings.Join(words, ", "), cmp.Or(agreement, scan.All))
}

// stance is an opinion in a few words.
func (o Opinion) stance() string {
	switch {
	case o.Err != nil:
		return "could not scan it"
	case o.Verdict.Accepted:
		return "accepts it"
	}
	return "rejects it"
}

// Used lists every scanner and database behind the proof, the one that decides first.
func (p *Proof) Used() []scan.Used {
	var reports []scan.Report
	for _, o := range append([]Opinion{p.Opinion}, p.Others...) {
		reports = slices.Concat(reports, o.Current, o.Next)
	}
	return scan.UsedFor(reports)
}

// Said is what one scanner says of a move, in short.
type Said struct {
	Scanner    string      `json:"scanner"`
	Used       []scan.Used `json:"used,omitempty"`
	Accepted   bool        `json:"accepted"`
	Reasons    []string    `json:"reasons,omitempty"`
	Fixed      int         `json:"fixed"` // distinct vulnerabilities
	Introduced int         `json:"introduced"`
	Remaining  int         `json:"remaining"`
	Error      string      `json:"error,omitempty"` // why it could not say anything
}

// Said lists what every scanner says, the one that decides first.
func (p *Proof) Said() []Said {
	said := []Said{}
	if p.Scanner == "" {
		return said
	}
	for _, o := range append([]Opinion{p.Opinion}, p.Others...) {
		one := Said{
			Scanner: o.Scanner, Used: scan.UsedFor(slices.Concat(o.Current, o.Next)), Accepted: o.Verdict.Accepted, Reasons: o.Verdict.Reasons,
			Fixed: scan.Count(o.Diff.Fixed).Total(), Introduced: scan.Count(o.Diff.Introduced).Total(), Remaining: scan.Count(o.Diff.Remaining).Total(),
		}
		if o.Err != nil {
			one.Error = fault.Text(o.Err)
		}
		said = append(said, one)
	}
	return said
}
