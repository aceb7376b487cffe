package worker

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/syft/syft/linux"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/pkg/cataloger/alpine"
	"github.com/anchore/syft/syft/pkg/cataloger/arch"
	"github.com/anchore/syft/syft/pkg/cataloger/binary"
	"github.com/anchore/syft/syft/pkg/cataloger/bitnami"
	"github.com/anchore/syft/syft/pkg/cataloger/common/cpe"
	"github.com/anchore/syft/syft/pkg/cataloger/cpp"
	"github.com/anchore/syft/syft/pkg/cataloger/debian"
	"github.com/anchore/syft/syft/pkg/cataloger/dotnet"
	"github.com/anchore/syft/syft/pkg/cataloger/gentoo"
	"github.com/anchore/syft/syft/pkg/cataloger/java"
	"github.com/anchore/syft/syft/pkg/cataloger/javascript"
	"github.com/anchore/syft/syft/pkg/cataloger/lua"
	"github.com/anchore/syft/syft/pkg/cataloger/perl"
	"github.com/anchore/syft/syft/pkg/cataloger/php"
	"github.com/anchore/syft/syft/pkg/cataloger/python"
	"github.com/anchore/syft/syft/pkg/cataloger/r"
	"github.com/anchore/syft/syft/pkg/cataloger/redhat"
	"github.com/anchore/syft/syft/pkg/cataloger/ruby"
	"github.com/anchore/syft/syft/pkg/cataloger/wordpress"
)

// task is one cataloguer over the squashed image.
type task struct {
	pkg.Cataloger
	system bool     // it reads the distribution's package database: when it fails, nothing is known about the image
	disk   []string // it unpacks files like these to disk
}

// tasks are those that Syft runs on images, but for those that an inspector runs and for kernels, models and desktop bundles.
func tasks() []task {
	return []task{
		{Cataloger: alpine.NewDBCataloger(), system: true},
		{Cataloger: arch.NewDBCataloger(), system: true},
		{Cataloger: debian.NewDBCataloger(), system: true},
		{Cataloger: gentoo.NewPortageCataloger(), system: true},
		{Cataloger: redhat.NewDBCataloger(), system: true, disk: []string{pkg.RpmDBGlob, pkg.RpmManifestGlob}},
		{Cataloger: binary.NewClassifierCataloger(binary.DefaultClassifierCatalogerConfig())},
		{Cataloger: bitnami.NewCataloger()},
		{Cataloger: cpp.NewConanInfoCataloger()},
		{Cataloger: dotnet.NewDotnetDepsBinaryCataloger(dotnet.DefaultCatalogerConfig())},
		{Cataloger: dotnet.NewDotnetPackagesLockCataloger()},
		{Cataloger: java.NewJvmDistributionCataloger()},
		{Cataloger: javascript.NewPackageCataloger()},
		{Cataloger: lua.NewPackageCataloger()},
		{Cataloger: perl.NewCpanInstalledCataloger()},
		{Cataloger: php.NewComposerInstalledCataloger()},
		{Cataloger: php.NewInterpreterCataloger()},
		{Cataloger: php.NewPearCataloger()},
		{Cataloger: python.NewInstalledPackageCataloger()},
		{Cataloger: r.NewPackageCataloger()},
		{Cataloger: ruby.NewInstalledGemSpecCataloger()},
		{Cataloger: wordpress.NewWordpressPluginCataloger()},
	}
}

// catalog lists the packages of a squashed image and those that its layers' files told of themselves.
func (s *Scanner) catalog(ctx context.Context, t *tree, found []finding) (inventory, error) {
	files := &resolver{tree: t}
	all := pkg.NewCollection()
	for _, f := range found {
		all.Add(f.packages...)
	}
	for _, c := range s.tasks {
		packages, err := s.run(ctx, c, files)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return inventory{}, ctx.Err()
		case c.system:
			return inventory{}, permanent(fmt.Errorf("read the package database: %w", err))
		default:
			skipped(ctx, c, err)
		}
		all.Add(packages...)
	}
	release := linux.IdentifyRelease(files)
	packages := unowned(complete(all), t, distro.FromRelease(release, distro.DefaultFixChannels()))
	return newInventory(release, packages), nil
}

func (s *Scanner) run(ctx context.Context, c task, files *resolver) ([]pkg.Package, error) {
	if c.disk != nil {
		if some, err := files.FilesByGlob(c.disk...); err != nil || len(some) == 0 {
			return nil, err
		}
		return s.disk.catalog(ctx, c.Cataloger, files)
	}
	packages, _, err := c.Catalog(ctx, files)
	return packages, err
}

// complete leaves out what cannot be matched, packages without a name or a version, and adds what matching goes by.
func complete(all *pkg.Collection) []pkg.Package {
	var kept []pkg.Package
	for p := range all.Enumerate() {
		if p.Name == "" || p.Version == "" {
			continue
		}
		if p.Language == "" {
			p.Language = pkg.LanguageFromPURL(p.PURL)
		}
		if len(p.CPEs) == 0 {
			found, ok := cpe.DictionaryFind(p)
			if !ok {
				found = cpe.Generate(p)
			}
			p.CPEs = found
		}
		kept = append(kept, p)
	}
	return kept
}

func skipped(ctx context.Context, c pkg.Cataloger, err error) {
	if err != nil {
		slog.WarnContext(ctx, "files left out", "cataloger", c.Name(), "error", err)
	}
}
