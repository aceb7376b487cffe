package bot

import (
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// use is one version of one image as a repository uses it, with every reference that does.
type use struct {
	image, tag, digest string
	references         []dockerfile.Reference
}

// tagged is one question to a registry.
type tagged struct{ image, tag string }

func (t tagged) String() string { return t.image + ":" + t.tag }

func (u *use) ref() tagged { return tagged{u.image, u.tag} }

// uses groups references by what they name, in order of first appearance.
func uses(references []dockerfile.Reference) []*use {
	type key struct{ image, tag, digest string }
	index := map[key]*use{}
	var list []*use
	for _, reference := range references {
		k := key{reference.Image, reference.Tag, reference.Digest}
		if index[k] == nil {
			index[k] = &use{image: k.image, tag: k.tag, digest: k.digest}
			list = append(list, index[k])
		}
		index[k].references = append(index[k].references, reference)
	}
	return list
}

// platforms is what the references may run on; empty means everything that the image has.
func (u *use) platforms() []string {
	var platforms []string
	for _, reference := range u.references {
		if reference.Platform == "" {
			return nil
		}
		if !slices.Contains(platforms, reference.Platform) {
			platforms = append(platforms, reference.Platform)
		}
	}
	return platforms
}

func places(references []dockerfile.Reference) []Place {
	list := make([]Place, len(references))
	for i, reference := range references {
		list[i] = Place{File: reference.File, Line: reference.Line}
	}
	return list
}

func (u *use) unchanged(d decision) []Unchanged {
	rows := make([]Unchanged, len(u.references))
	for i, reference := range u.references {
		rows[i] = Unchanged{
			Image: u.image, Tag: u.tag, File: reference.File, Line: reference.Line,
			Reason: sentence(d.reason, d.findings), Failed: d.failed, Findings: d.findings,
		}
	}
	return rows
}
