package signature_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/signature"
)

type bills struct {
	bill  *scan.SBOM
	err   error
	asked []string
}

func (b *bills) SBOM(_ context.Context, image, index, platform string) (*scan.SBOM, error) {
	b.asked = []string{image, index, platform}
	return b.bill, b.err
}

// reader notes how it was told to read packages, and fails by a bill of materials as it is told to.
type reader struct {
	err  error
	ways []scan.Reading
}

func (r *reader) Scan(_ context.Context, target scan.Target) (scan.Report, error) {
	if target.SBOM != nil {
		r.ways = append(r.ways, scan.FromSBOM)
		return scan.Report{PackagesFrom: scan.FromSBOM}, r.err
	}
	r.ways = append(r.ways, scan.FromLayers)
	return scan.Report{PackagesFrom: scan.FromLayers}, nil
}

func TestBilled(t *testing.T) {
	t.Parallel()
	bill := &scan.SBOM{Format: scan.SPDX, Data: []byte(document)}
	permanent := &fault.Error{Op: "scan", Class: fault.Permanent, Err: errors.New("the bill of materials lists no packages")}
	passing := &fault.Error{Op: "scan", Class: fault.Retry, Err: errors.New("out of memory")}
	for _, tc := range []struct {
		name  string
		bills bills
		err   error // of the scanner
		want  []scan.Reading
		fails bool
	}{
		{"none", bills{}, nil, []scan.Reading{scan.FromLayers}, false},
		{"one", bills{bill: bill}, nil, []scan.Reading{scan.FromSBOM}, false},
		{"nobody knows", bills{err: passing}, nil, []scan.Reading{scan.FromLayers}, false},
		{"one that is no good", bills{bill: bill}, permanent, []scan.Reading{scan.FromSBOM, scan.FromLayers}, false},
		{"a failure of the scanner's own", bills{bill: bill}, passing, []scan.Reading{scan.FromSBOM}, true},
	} {
		r := &reader{err: tc.err}
		report, err := signature.Billed{Scanner: r, Bills: &tc.bills}.Scan(t.Context(), scan.Target{Image: "a", Index: "sha256:i", Digest: "sha256:p"})
		if (err != nil) != tc.fails || !slices.Equal(r.ways, tc.want) || report.PackagesFrom != tc.want[len(tc.want)-1] {
			t.Errorf("%s: %v, %v, %v", tc.name, r.ways, report.PackagesFrom, err)
		}
		if want := []string{"a", "sha256:i", "sha256:p"}; !slices.Equal(tc.bills.asked, want) {
			t.Errorf("%s: asked %v", tc.name, tc.bills.asked)
		}
	}
}
