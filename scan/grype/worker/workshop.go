package worker

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/anchore/syft/syft"
	"github.com/anchore/syft/syft/artifact"
	"github.com/anchore/syft/syft/cataloging"
	"github.com/anchore/syft/syft/cataloging/pkgcataloging"
	"github.com/anchore/syft/syft/file"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/source"
)

// workshop runs cataloguers that unpack to disk. Syft gives them a temporary folder only within a whole run of its own, and the licence
// scanner of such a run takes longer to build than an image to scan. So the others run without, and it is built when it is first needed.
type workshop struct {
	licensed func() (context.Context, error)
}

func newWorkshop() *workshop {
	return &workshop{licensed: sync.OnceValues(func() (context.Context, error) {
		return syft.SetContextLicenseScanner(context.Background(), cataloging.DefaultLicenseConfig())
	})}
}

func (w *workshop) catalog(ctx context.Context, c pkg.Cataloger, files *resolver) ([]pkg.Package, error) {
	licensed, err := w.licensed()
	if err != nil {
		return nil, err
	}
	inner, cancel := context.WithCancel(licensed)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	config := syft.DefaultCreateSBOMConfig().WithoutCatalogers().WithoutFiles().WithParallelism(1).
		WithCatalogers(pkgcataloging.NewCatalogerReference(c, []string{pkgcataloging.ImageTag}))
	found, err := syft.CreateSBOM(inner, bench{files}, config)
	if err != nil {
		return nil, err
	}
	var unread []error
	for at, reasons := range found.Artifacts.Unknowns {
		unread = append(unread, fmt.Errorf("%s: %s", at.RealPath, reasons[0]))
	}
	return found.Artifacts.Packages.Sorted(), errors.Join(unread...)
}

// bench presents files as a source of Syft's.
type bench struct{ files *resolver }

func (bench) ID() artifact.ID { return "image" }

func (b bench) FileResolver(source.Scope) (file.Resolver, error) { return b.files, nil }

func (bench) Describe() source.Description {
	return source.Description{Metadata: source.ImageMetadata{}}
}

func (bench) Close() error { return nil }
