package worker

import (
	"context"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/anchore/syft/syft/file"
	"github.com/anchore/syft/syft/linux"
	"github.com/anchore/syft/syft/pkg"
	"github.com/bmatcuk/doublestar/v4"
)

// companions are files that cataloguers ask for only after they found another one.
var companions = []string{
	"**/lib/dpkg/info/*.md5sums",
	"**/lib/dpkg/info/*.conffiles",
	"**/*.dist-info/{RECORD,top_level.txt,direct_url.json}",
	"**/*.egg-info/{SOURCES.txt,top_level.txt,installed-files.txt}",
}

// wanted tells by its name whether a cataloguer will read a file. The cataloguers themselves say what they look for, so that a new
// release of them is followed without a list to keep.
type wanted struct {
	byName   map[string][]string // patterns by the literal last segment
	bySuffix map[string][]string // patterns by the ".ext" of a last segment "*.ext"
	others   []pattern
}

type pattern struct{ base, full string }

// wantedBy returns what the cataloguers read, with what tells the distribution.
func wantedBy(ctx context.Context, catalogers []pkg.Cataloger) *wanted {
	return newWanted(slices.Concat(ask(ctx, catalogers...), releases(), companions))
}

// releases are where an image may say which distribution it is.
func releases() []string {
	r := &recorder{}
	linux.IdentifyRelease(r)
	return r.asked
}

// ask runs cataloguers over an empty file system and returns the paths and patterns that they look for, but for releases.
func ask(ctx context.Context, catalogers ...pkg.Cataloger) []string {
	r := &recorder{}
	for _, c := range catalogers {
		_, _, _ = c.Catalog(ctx, r) // nothing is found in nothing; only the questions count
	}
	always := releases()
	return slices.DeleteFunc(r.asked, func(p string) bool { return slices.Contains(always, p) })
}

func newWanted(patterns []string) *wanted {
	w := &wanted{byName: map[string][]string{}, bySuffix: map[string][]string{}}
	slices.Sort(patterns)
	for _, p := range slices.Compact(patterns) {
		base := path.Base(p)
		suffix, isSuffix := strings.CutPrefix(base, "*")
		switch {
		case !meta(base):
			w.byName[base] = append(w.byName[base], p)
		case isSuffix && !meta(suffix) && strings.LastIndexByte(suffix, '.') == 0:
			w.bySuffix[suffix] = append(w.bySuffix[suffix], p)
		default:
			w.others = append(w.others, pattern{base, p})
		}
	}
	return w
}

func meta(s string) bool { return strings.ContainsAny(s, "*?[{\\") }

func (w *wanted) matches(at string) bool {
	base := path.Base(at)
	full := func(p string) bool { return doublestar.MatchUnvalidated(p, at) }
	if slices.ContainsFunc(w.byName[base], full) || slices.ContainsFunc(w.bySuffix[path.Ext(base)], full) {
		return true
	}
	return slices.ContainsFunc(w.others, func(p pattern) bool {
		return doublestar.MatchUnvalidated(p.base, base) && full(p.full)
	})
}

// recorder is a file system with nothing in it that remembers what it was asked for.
type recorder struct{ asked []string }

func (r *recorder) FilesByPath(paths ...string) ([]file.Location, error) {
	r.asked = append(r.asked, paths...)
	return nil, nil
}

func (r *recorder) FilesByGlob(patterns ...string) ([]file.Location, error) {
	r.asked = append(r.asked, patterns...)
	return nil, nil
}

func (*recorder) FilesByMIMEType(...string) ([]file.Location, error) { return nil, nil }

func (*recorder) RelativeFileByPath(file.Location, string) *file.Location { return nil }

func (*recorder) HasPath(string) bool { return false }

func (*recorder) FileContentsByLocation(file.Location) (io.ReadCloser, error) {
	return nil, fs.ErrNotExist
}

func (*recorder) FileMetadataByLocation(file.Location) (file.Metadata, error) {
	return file.Metadata{}, fs.ErrNotExist
}

func (*recorder) AllLocations(context.Context) <-chan file.Location {
	none := make(chan file.Location)
	close(none)
	return none
}
