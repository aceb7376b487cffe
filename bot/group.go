package bot

import (
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// group is the bumps of one pull request.
type group struct {
	branch string
	bumps  []Bump
}

// groups puts bumps together that go into one pull request: those of one image, or all of the repository, and those that change the
// same bytes, such as two images that share an ARG: neither can move without the other.
func (p *Proposer) groups(bumps []Bump) []group {
	var groups []group
	for _, bump := range bumps {
		joined := group{branch: p.branch(bump.Image), bumps: []Bump{bump}}
		var apart []group
		for _, g := range groups {
			if g.branch == joined.branch || g.touches(bump) {
				joined = group{branch: g.branch, bumps: append(slices.Clone(g.bumps), joined.bumps...)}
				continue
			}
			apart = append(apart, g)
		}
		groups = append(apart, joined)
	}
	return groups
}

// touches says whether a bump changes a tag at a place where one of the group's does.
func (g group) touches(bump Bump) bool {
	mine := tagPlaces(bump)
	return slices.ContainsFunc(g.bumps, func(b Bump) bool {
		return slices.ContainsFunc(tagPlaces(b), func(place tagPlace) bool { return slices.Contains(mine, place) })
	})
}

type tagPlace struct {
	file  string
	start int
}

func tagPlaces(bump Bump) []tagPlace {
	if bump.From.Tag == bump.To.Tag {
		return nil
	}
	var places []tagPlace
	for _, reference := range bump.References {
		for _, piece := range reference.Pieces {
			if piece.Field == dockerfile.Tag {
				places = append(places, tagPlace{piece.In(reference), piece.Start})
			}
		}
	}
	return places
}

func (p *Proposer) branch(image string) string {
	if p.Settings.ByRepository {
		return p.wholeBranch()
	}
	return p.imageBranch(image)
}

// wholeBranch is that of the one pull request for all images.
func (p *Proposer) wholeBranch() string { return p.Settings.BranchPrefix + "images" }

// imageBranch is stable for an image: its last name for people, the beginning of a hash of the whole name against collisions.
func (p *Proposer) imageBranch(image string) string {
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte(image)))
	return p.Settings.BranchPrefix + path.Base(image) + "-" + hash[:8]
}

// key identifies the candidates of a group, whatever the state they are reached from.
func (g group) key() string {
	targets := make([]string, len(g.bumps))
	for i, b := range g.bumps {
		targets[i] = b.Image + ":" + b.To.Tag + "@" + b.To.Digest
	}
	slices.Sort(targets)
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(slices.Compact(targets), "\n"))))
}
