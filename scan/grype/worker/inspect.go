package worker

import (
	"bytes"
	"context"

	"github.com/anchore/syft/syft/cataloging"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/pkg/cataloger/binary"
	"github.com/anchore/syft/syft/pkg/cataloger/golang"
	"github.com/anchore/syft/syft/pkg/cataloger/java"
	"github.com/anchore/syft/syft/pkg/cataloger/rust"
)

// inspector catalogues files that speak for themselves, one at a time while a layer streams past: programs that list the modules they
// were built from, and Java archives. Their bytes are dropped at once, which keeps an image of large programs out of memory.
type inspector struct {
	archives *wanted
	java     pkg.Cataloger
	disk     *workshop
}

func newInspector(ctx context.Context, disk *workshop) *inspector {
	archives := java.NewArchiveCataloger(java.DefaultArchiveCatalogerConfig())
	return &inspector{archives: newWanted(ask(ctx, archives)), java: archives, disk: disk}
}

// program is a kind of executable, told by a mark that its linker leaves.
type program struct {
	mark string
	// cataloger makes one for each file: Go's remembers what it saw at a path, and other images have other files there.
	cataloger func() pkg.Cataloger
}

func programs() []program {
	return []program{
		{"\xff Go buildinf:", func() pkg.Cataloger {
			return golang.NewGoModuleBinaryCataloger(golang.DefaultCatalogerConfig().WithCaptureSymbols(cataloging.SymbolScopeAll))
		}},
		{".dep-v0", rust.NewAuditBinaryCataloger},
		{".note.package", binary.NewELFPackageCataloger},
		{"__svm_version_info", java.NewNativeImageCataloger},
	}
}

// candidate tells by a file's name and first four bytes whether it has to be read.
func (i *inspector) candidate(at string, head []byte) bool {
	return executable(head) || i.archives.matches(at)
}

func executable(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xcf\xfa\xed\xfe", "\xce\xfa\xed\xfe"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// file returns the packages that one file consists of. What cannot be parsed is no package: an image may carry broken archives.
func (i *inspector) file(ctx context.Context, at string, data []byte) ([]pkg.Package, error) {
	alone := newTree()
	alone.add(entry{path: at, kind: regular, content: data}, 0)
	files := &resolver{tree: alone}
	if executable(data) {
		var found []pkg.Package
		for _, p := range programs() {
			if !bytes.Contains(data, []byte(p.mark)) {
				continue
			}
			c := p.cataloger()
			packages, _, err := c.Catalog(ctx, files)
			skipped(ctx, c, err)
			found = append(found, packages...)
		}
		return found, ctx.Err()
	}
	if !i.archives.matches(at) {
		return nil, nil
	}
	packages, err := i.disk.catalog(ctx, i.java, files)
	skipped(ctx, i.java, err)
	return packages, ctx.Err()
}
