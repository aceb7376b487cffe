package bot

import (
	"maps"
	"slices"

	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/dockerfile/manifest"
)

// Rewrite applies bumps to the snapshot's files. It returns only the files that change, and the references that could not be
// edited safely; those stay as they are.
//
// The references must come from the snapshot.
func Rewrite(snapshot Snapshot, bumps []Bump) (files map[string][]byte, rejected []dockerfile.Rejected) {
	moves := map[string][]dockerfile.Move{}
	for _, bump := range bumps {
		for _, reference := range bump.References {
			moves[reference.File] = append(moves[reference.File], dockerfile.Move{Reference: reference, Tag: bump.To.Tag, Digest: bump.To.Digest})
		}
	}
	files = map[string][]byte{}
	for _, path := range slices.Sorted(maps.Keys(moves)) {
		changed, refused, err := manifest.Rewrite(path, snapshot.Files[path], moves[path])
		if err != nil {
			for _, move := range moves[path] {
				rejected = append(rejected, dockerfile.Rejected{Move: move, Reason: err.Error()})
			}
			continue
		}
		rejected = append(rejected, refused...)
		if string(changed) != string(snapshot.Files[path]) {
			files[path] = changed
		}
	}
	return files, rejected
}

// settle takes out of the bumps the references that cannot be edited safely, and says why.
func (p *Plan) settle(snapshot Snapshot) {
	_, rejected := Rewrite(snapshot, p.Bumps)
	for _, refusal := range rejected {
		r := refusal.Move.Reference
		p.Unchanged = append(p.Unchanged, Unchanged{Image: r.Image, Tag: r.Tag, File: r.File, Line: r.Line, Reason: refusal.Reason})
		for i := range p.Bumps {
			p.Bumps[i].drop(r)
		}
	}
	p.Bumps = slices.DeleteFunc(p.Bumps, func(b Bump) bool { return len(b.References) == 0 })
}

func (b *Bump) drop(r dockerfile.Reference) {
	i := slices.IndexFunc(b.References, func(other dockerfile.Reference) bool { return other.File == r.File && other.Span == r.Span })
	if i < 0 {
		return
	}
	b.References = slices.Delete(b.References, i, i+1)
	b.Files = slices.Delete(b.Files, i, i+1)
}
