package worker

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/anchore/syft/syft/format/syftjson"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/sbom"
	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/klauspost/compress/zstd"
)

// selection counts the changes to what this package takes from an image; see Cataloguer.
const selection = 1

// maxListed bounds a catalogue that is unpacked.
const maxListed = 256 << 20

// Cataloguer names what made the catalogues of this program: they depend on Syft, and on what is taken over from it.
func Cataloguer() string {
	return fmt.Sprintf("syft %s, selection %d", linked("github.com/anchore/syft"), selection)
}

// packCatalogue writes down all that matching goes by, as Syft's own JSON. It returns nil when that is too large to be kept.
func packCatalogue(i inventory) ([]byte, error) {
	list := sbom.SBOM{Artifacts: sbom.Artifacts{Packages: pkg.NewCollection(slim(i.packages)...), LinuxDistribution: i.release}}
	var packed bytes.Buffer
	zip, err := zstd.NewWriter(&packed, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("write catalogue: %w", err)
	}
	if err := errors.Join(syftjson.NewFormatEncoder().Encode(zip, list), zip.Close()); err != nil {
		return nil, fmt.Errorf("write catalogue: %w", err)
	}
	if packed.Len() > wire.MaxCatalogue {
		return nil, nil
	}
	return packed.Bytes(), nil
}

// unpackCatalogue reads what packCatalogue wrote.
func unpackCatalogue(packed []byte) (inventory, error) {
	zip, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxListed))
	if err != nil {
		return inventory{}, fmt.Errorf("read catalogue: %w", err)
	}
	defer zip.Close()
	data, err := io.ReadAll(io.LimitReader(zip, maxListed))
	if err != nil {
		return inventory{}, permanent(fmt.Errorf("read catalogue: %w", err))
	}
	list, _, _, err := syftjson.NewFormatDecoder().Decode(bytes.NewReader(data))
	if err != nil {
		return inventory{}, permanent(fmt.Errorf("read catalogue: %w", err))
	}
	return newInventory(list.Artifacts.LinuxDistribution, list.Artifacts.Packages.Sorted()), nil
}

// slim leaves out which files a package owns, but for those by which another package was found: matching compares no others, and they are
// most of a list.
func slim(packages []pkg.Package) []pkg.Package {
	places := map[string]bool{}
	for _, p := range packages {
		if isSystem(p) {
			continue
		}
		for _, at := range p.Locations.ToUnorderedSlice() {
			places[at.RealPath] = true
		}
	}
	slimmer := make([]pkg.Package, len(packages))
	for i, p := range packages {
		switch m := p.Metadata.(type) {
		case pkg.AlpmDBEntry:
			m.Files = kept(m.Files, func(f pkg.AlpmFileRecord) string { return f.Path }, places)
			p.Metadata = m
		case pkg.ApkDBEntry:
			m.Files = kept(m.Files, func(f pkg.ApkFileRecord) string { return f.Path }, places)
			p.Metadata = m
		case pkg.DpkgDBEntry:
			m.Files = kept(m.Files, func(f pkg.DpkgFileRecord) string { return f.Path }, places)
			p.Metadata = m
		case pkg.PortageEntry:
			m.Files = kept(m.Files, func(f pkg.PortageFileRecord) string { return f.Path }, places)
			p.Metadata = m
		case pkg.RpmDBEntry:
			m.Files = kept(m.Files, func(f pkg.RpmFileRecord) string { return f.Path }, places)
			p.Metadata = m
		}
		slimmer[i] = p
	}
	return slimmer
}

func kept[F any](files []F, path func(F) string, places map[string]bool) []F {
	few := []F{}
	for _, f := range files {
		if places[path(f)] {
			few = append(few, f)
		}
	}
	return few
}
