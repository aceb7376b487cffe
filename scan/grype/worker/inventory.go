package worker

import (
	"github.com/anchore/grype/grype/distro"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/syft/syft/linux"
	"github.com/anchore/syft/syft/pkg"
)

// inventory is what an image consists of.
type inventory struct {
	release  *linux.Release // nil for an image without one
	distro   *distro.Distro // nil where the release names none that Grype knows
	packages []pkg.Package
	prepared []grypepkg.Package // for matching
}

func newInventory(release *linux.Release, packages []pkg.Package) inventory {
	i := inventory{release: release, distro: distro.FromRelease(release, distro.DefaultFixChannels()), packages: packages}
	prepared := grypepkg.FromPackages(packages, nil, grypepkg.SynthesisConfig{})
	for _, p := range prepared {
		if p.Distro == nil {
			p.Distro = i.distro
		}
	}
	i.prepared = grypepkg.FromPtrs(prepared)
	return i
}
