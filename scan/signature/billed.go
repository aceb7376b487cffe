package signature

import (
	"cmp"
	"context"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// Bills finds bills of materials. *Checker is one.
type Bills interface {
	SBOM(ctx context.Context, image, index, platform string) (*scan.SBOM, error)
}

// Billed has a scanner read an image's packages from its bill of materials where one is trusted. Without one, with one that cannot be found
// out about, and with one that the scanner cannot work by, it reads the layers: they are what the bill is about.
type Billed struct {
	Scanner scan.Scanner
	Bills   Bills
}

// Scan implements scan.Scanner.
func (b Billed) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	bill, err := b.Bills.SBOM(ctx, target.Image, cmp.Or(target.Index, target.Digest), target.Digest)
	if err := ctx.Err(); err != nil {
		return scan.Report{}, err
	}
	if err != nil || bill == nil {
		return b.Scanner.Scan(ctx, target)
	}
	target.SBOM = bill
	report, err := b.Scanner.Scan(ctx, target)
	if fault.ClassOf(err) != fault.Permanent {
		return report, err
	}
	target.SBOM = nil
	return b.Scanner.Scan(ctx, target)
}
