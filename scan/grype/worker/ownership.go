package worker

import (
	"slices"
	"strings"

	"github.com/anchore/grype/grype/distro"
	"github.com/anchore/syft/syft/pkg"
)

var systemTypes = []pkg.Type{pkg.AlpmPkg, pkg.ApkPkg, pkg.DebPkg, pkg.PortagePkg, pkg.RpmPkg}

// thorough are distributions whose advisories list open vulnerabilities too. What their package manager installed is judged by them alone.
var thorough = []distro.Type{distro.ArchLinux, distro.Azure, distro.Debian, distro.Mariner, distro.RedHat, distro.SLES, distro.Ubuntu}

// isSystem tells that the distribution's package manager lists a package. A program's own note may call itself one.
func isSystem(p pkg.Package) bool { return slices.Contains(systemTypes, p.Type) && !isProgram(p) }

func isProgram(p pkg.Package) bool {
	_, noted := p.Metadata.(pkg.ELFBinaryPackageNoteJSONPayload)
	return noted || p.Type == pkg.BinaryPkg
}

// unowned leaves out packages that are part of a distribution's package: the distribution patches them without changing their version, so
// that by their own advisories they would be reported as vulnerable for ever.
func unowned(packages []pkg.Package, t *tree, d *distro.Distro) []pkg.Package {
	owners := owners(packages, t)
	return slices.DeleteFunc(packages, func(p pkg.Package) bool {
		if isSystem(p) {
			return false
		}
		for _, at := range p.Locations.ToUnorderedSlice() {
			for _, version := range owners[at.RealPath] {
				if isProgram(p) || isThorough(d) && similar(version, p.Version) {
					return true
				}
			}
		}
		return false
	})
}

// owners maps the real path of a file to the versions of the distribution's packages that it belongs to.
func owners(packages []pkg.Package, t *tree) map[string][]string {
	owned := map[string][]string{}
	for _, p := range packages {
		owner, ok := p.Metadata.(pkg.FileOwner)
		if !ok || !isSystem(p) {
			continue
		}
		for _, at := range owner.OwnedFiles() {
			if n := t.lookup(at); n != nil && n.kind == regular {
				owned[n.path()] = append(owned[n.path()], p.Version)
			}
		}
	}
	return owned
}

func isThorough(d *distro.Distro) bool {
	if d == nil || d.Type == distro.AmazonLinux {
		return false
	}
	return slices.ContainsFunc(thorough, func(t distro.Type) bool {
		return d.Type == t || slices.Contains(d.IDLike, t.String())
	})
}

// similar compares a distribution's version with upstream's, which the former begins with.
func similar(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }
