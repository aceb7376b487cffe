package bot

import (
	"cmp"
	"maps"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/basebump/basebump/dockerfile"
)

// Rewrite applies bumps to the snapshot's files. It returns only the files that change, and the references that could not be
// edited safely; those stay as they are.
//
// The references must come from the snapshot.
func Rewrite(snapshot Snapshot, bumps []Bump) (files map[string][]byte, rejected []dockerfile.Rejected) {
	bundles := bundles(snapshot)
	moves := map[*bundle][]dockerfile.Move{}
	var order []*bundle
	for _, bump := range bumps {
		for _, reference := range bump.References {
			b := bundles[reference.File]
			if moves[b] == nil {
				order = append(order, b)
			}
			moves[b] = append(moves[b], moveOf(reference, bump.To))
		}
	}
	slices.SortFunc(order, func(a, b *bundle) int { return cmp.Compare(a.first, b.first) })
	files = map[string][]byte{}
	for i, out := range rewriteAll(snapshot, order, moves) {
		if out.err != nil {
			for _, move := range moves[order[i]] {
				rejected = append(rejected, dockerfile.Rejected{Move: move, Reason: out.err.Error()})
			}
			continue
		}
		rejected = append(rejected, out.rejected...)
		maps.Copy(files, out.files)
	}
	return files, rejected
}

// rewritten is what became of one bundle.
type rewritten struct {
	files    map[string][]byte // that changed
	rejected []dockerfile.Rejected
	err      error
}

// rewriteAll works on all processors: to prove its outcome, each bundle is read twice again.
func rewriteAll(snapshot Snapshot, order []*bundle, moves map[*bundle][]dockerfile.Move) []rewritten {
	list := make([]rewritten, len(order))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, b := range order {
		group.Go(func() error {
			list[i].files, list[i].rejected, list[i].err = snapshot.Kinds.Rewrite(b.files, moves[b])
			return nil
		})
	}
	_ = group.Wait() // the goroutines return none: each bundle has its own
	return list
}

// moveOf gives a reference another version; one that has no place for a digest, and never had one, only its tag.
func moveOf(reference dockerfile.Reference, to Version) dockerfile.Move {
	move := dockerfile.Move{Reference: reference, Tag: to.Tag, Digest: to.Digest}
	if reference.Pin == nil && reference.Digest == "" && to.Tag != reference.Tag {
		move.Digest = ""
	}
	return move
}

// bundle is files that are read together: most are alone.
type bundle struct {
	first string // of the paths
	files map[string][]byte
}

// bundles says which files of a snapshot go together, for each file.
func bundles(snapshot Snapshot) map[string]*bundle {
	of := map[string]*bundle{}
	in := func(path string) *bundle {
		if of[path] == nil {
			of[path] = &bundle{first: path, files: map[string][]byte{path: snapshot.Files[path]}}
		}
		return of[path]
	}
	for _, reference := range snapshot.References {
		b := in(reference.File)
		for _, path := range reference.With {
			other := in(path)
			if other == b {
				continue
			}
			b.first = min(b.first, other.first)
			for path, data := range other.files {
				b.files[path], of[path] = data, b
			}
		}
	}
	return of
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
