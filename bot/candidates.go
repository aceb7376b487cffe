package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver/tag"
)

// choice is what a use could move to.
type choice struct {
	candidates []Named     // newest first
	held       []Rejection // newer tags that the rules keep back, without a digest: nobody asked for it
	gap        string      // why newer tags are not known; empty when they are
}

// choose lists the candidates of a use: newer tags as far as the policy lets one move, then the newest build of its own tag.
func (u *use) choose(newest answer) choice {
	c := newest.newer
	if u.digest != "" && u.digest != newest.digest && !newest.unseen {
		c.candidates = append(slices.Clip(c.candidates), Named{Image: u.image, Tag: u.tag, Digest: newest.digest})
	}
	return c
}

// moves says whether a tag may move to another.
func (p *Planner) moves(ref tagged) bool { return p.Policy.Update != tag.Digest && tag.Orders(ref.tag) }

func (p *Planner) query(ref tagged) tag.Query {
	return tag.Query{Image: ref.image, Current: ref.tag, Update: p.Policy.Update, Distribution: p.Policy.Distribution, Now: p.Now()}
}

// newerTags lists the newer tags of a repository that the rules allow; listed says that it has the tag in use, too.
// Of the repository's tags those matter that begin with one of some prefixes, which are the same for all of its tags in use.
func (p *Planner) newerTags(ctx context.Context, ref tagged, matter []string) (c choice, listed bool) {
	if !p.moves(ref) {
		return choice{}, false
	}
	list, err := p.Resolver.Tags(ctx, ref.image, matter...)
	if err != nil {
		return choice{gap: fault.Text(err)}, false
	}
	c.gap = list.Cut
	result := tag.Candidates(p.query(ref), list.All())
	major := false
	for _, candidate := range result.Candidates {
		digest, err := p.Resolver.Digest(ctx, ref.image, candidate.Tag)
		if err != nil {
			c.gap = fault.Text(err)
			continue
		}
		c.candidates = append(c.candidates, Named{Image: ref.image, Tag: candidate.Tag, Digest: digest})
		major = major || candidate.Level == tag.Major
	}
	for _, held := range result.Held {
		c.held = append(c.held, Rejection{Tag: held.Tag, Reasons: []string{held.Reason}})
	}
	if major && result.Latest {
		p.heedLatest(ctx, ref, &c)
	}
	return c, result.Current
}

// heedLatest keeps back a major step beyond what the tag "latest" answers, when that is a lesser candidate or the tag in use: the
// repository itself does not call it its newest stable. It costs one question a repository, and only where a major step is on offer;
// lesser steps stay within a line that is in use, and are not worth it. An answer that is none of these says nothing.
func (p *Planner) heedLatest(ctx context.Context, ref tagged, c *choice) {
	latest, err := p.Resolver.Digest(ctx, ref.image, "latest")
	major, lesser := c.candidates[0], c.candidates[1:]
	if err != nil || latest == major.Digest {
		return
	}
	if !slices.ContainsFunc(lesser, func(n Named) bool { return n.Digest == latest }) {
		if inUse, err := p.Resolver.Digest(ctx, ref.image, ref.tag); err != nil || inUse != latest {
			return
		}
	}
	c.candidates = lesser
	c.held = append(c.held, Rejection{Tag: major.Tag, Digest: major.Digest, Reasons: []string{"newer than what latest answers"}})
}

// stays says why a use moves nowhere.
func (c choice) stays(u *use, rejected []Rejection, newest string) string {
	var phrases []string
	for _, r := range rejected {
		phrases = append(phrases, fmt.Sprintf("%s: %s", u.label(Named{Tag: r.Tag, Digest: r.Digest}), strings.Join(r.Reasons, "; ")))
	}
	if len(phrases) > 0 {
		phrases[0] = "held: " + phrases[0]
	} else {
		phrases = []string{newest}
	}
	if len(c.held) > 0 {
		words := make([]string, len(c.held))
		for i, held := range c.held {
			words[i] = held.Tag + " is " + strings.Join(held.Reasons, " and ")
		}
		phrases = append(phrases, "not offered: "+strings.Join(words, ", "))
	}
	if c.gap != "" {
		phrases = append(phrases, c.unknown())
	}
	return strings.Join(phrases, "; ")
}

func (c choice) unknown() string { return "newer tags not known: " + c.gap }

// warn adds what is not known of newer tags to the findings of a bump.
func (c choice) warn(findings []Finding) []Finding {
	if c.gap == "" {
		return findings
	}
	return append(findings, Finding{Kind: Unknown, Text: c.unknown()})
}
