package command

import (
	"context"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/basebump/basebump/scan/sarif"
)

// format is one form in which programs answer. A new one is a line in the table.
type format struct {
	dated   bool           // it tells when the scanner's database was built
	prepare func(*Options) // fills in what a certain program needs; may be nil
	read    func(ctx context.Context, r *run, answer []byte) (scan.Report, error)

	identify func(ctx context.Context, r *run) (scan.Tool, time.Time, error) // nil where nothing tells
}

var formats = map[string]format{
	"grype":     {dated: true, prepare: prepareGrype, read: readGrype, identify: identifyGrype},
	"sarif":     {read: readSARIF},
	"cyclonedx": {read: readCycloneDX},
}

func readSARIF(_ context.Context, _ *run, answer []byte) (scan.Report, error) {
	return sarif.Read(answer)
}

func readCycloneDX(_ context.Context, _ *run, answer []byte) (scan.Report, error) {
	bom, err := decodeBOM(answer)
	if err != nil {
		return scan.Report{}, err
	}
	if bom.Vulnerabilities == nil {
		return scan.Report{}, assemble.Permanent("the scanner's CycloneDX has no vulnerabilities, not even an empty list of them: it did not look for any")
	}
	found := inventory(bom)
	if err := assemble.Recognised(found); err != nil {
		return scan.Report{}, err
	}
	found.Scanner = toolOf(bom)
	found.Vulnerabilities, err = vulnerabilities(bom)
	return found, err
}
