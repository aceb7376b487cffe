package worker

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/anchore/grype/grype/distro"
	grypepkg "github.com/anchore/grype/grype/pkg"
	"github.com/anchore/syft/syft/format/cyclonedxjson"
	"github.com/anchore/syft/syft/format/spdxjson"
	"github.com/anchore/syft/syft/linux"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/sbom"
	"github.com/basebump/basebump/scan"
)

// fewSystem is how many packages of a distribution may all be built from sources of their own names. Real images have many that are not.
const fewSystem = 20

// readSBOM lists what a bill of materials says. One by which nothing could be matched is an error: nothing found would look like nothing
// wrong.
func readSBOM(bill scan.SBOM) (inventory, error) {
	if err := isWritten(bill); err != nil {
		return inventory{}, err
	}
	config := grypepkg.ProviderConfig{SynthesisConfig: grypepkg.SynthesisConfig{
		GenerateMissingCPEs: true, Distro: grypepkg.DistroConfig{FixChannels: distro.DefaultFixChannels()},
	}}
	prepared, context, list, err := grypepkg.ProvideFromReader(bytes.NewReader(bill.Data), config)
	if err != nil {
		return inventory{}, permanent(fmt.Errorf("read bill of materials: %w", err))
	}
	i := inventory{
		release: released(list.Artifacts.LinuxDistribution, context.Distro), distro: context.Distro,
		packages: list.Artifacts.Packages.Sorted(), prepared: prepared,
	}
	return i, i.complete()
}

// isWritten tells by its content that a bill is of the format that it was handed over as.
func isWritten(bill scan.SBOM) error {
	formats := map[scan.SBOMFormat]sbom.FormatDecoder{scan.SPDX: spdxjson.NewFormatDecoder(), scan.CycloneDX: cyclonedxjson.NewFormatDecoder()}
	ids := map[scan.SBOMFormat]sbom.FormatID{scan.SPDX: spdxjson.ID, scan.CycloneDX: cyclonedxjson.ID}
	decoder, ok := formats[bill.Format]
	if !ok {
		return permanent(fmt.Errorf("read bill of materials: the format %q is not known", bill.Format))
	}
	if id, _ := decoder.Identify(bytes.NewReader(bill.Data)); id != ids[bill.Format] {
		return permanent(fmt.Errorf("read bill of materials: it is no %s", bill.Format))
	}
	return nil
}

// released gives a release that a bill does not state, or has no name for people, what its packages say of theirs.
func released(stated *linux.Release, d *distro.Distro) *linux.Release {
	switch {
	case stated == nil && d == nil:
		return nil
	case stated == nil:
		return &linux.Release{ID: d.ID(), VersionID: d.Version, PrettyName: d.ID() + " " + d.Version}
	case stated.PrettyName == stated.ID && stated.VersionID != "":
		better := *stated
		better.PrettyName = stated.ID + " " + stated.VersionID
		return &better
	}
	return stated
}

// complete refuses a bill that leaves out what advisories are looked up by.
func (i inventory) complete() error {
	system, sourced := 0, 0
	for _, p := range i.packages {
		if p.Type != pkg.DebPkg && p.Type != pkg.ApkPkg {
			continue
		}
		system++
	}
	for _, p := range i.prepared {
		if len(p.Upstreams) > 0 {
			sourced++
		}
	}
	switch {
	case len(i.prepared) == 0:
		return permanent(errors.New("the bill of materials lists no packages"))
	case i.release == nil || i.distro == nil:
		return permanent(errors.New("the bill of materials does not say which distribution the image is"))
	case system > fewSystem && sourced == 0:
		return permanent(errors.New("the bill of materials does not say which sources its packages are built from"))
	}
	return nil
}
