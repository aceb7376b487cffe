package canary_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/canary"
)

func TestBill(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		os           scan.OS
		like, expect string // one of its packages
	}{
		{scan.OS{ID: "debian", Version: "12.15"}, "pkg:deb/debian/bsdutils@2.38.1-5%2Bdeb12u3?arch=amd64&distro=debian-12.15&epoch=1&upstream=util-linux", "pkg:deb/debian/openssl@0?arch=amd64&distro=debian-12.15"},
		{scan.OS{ID: "alpine", Version: "3.20.3"}, "pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=3.20.3", "pkg:apk/alpine/openssl@0-r0?arch=x86_64&distro=3.20.3"},
		{scan.OS{ID: "redhat", Version: "9.4"}, "pkg:rpm/redhat/bash@5.1-9.el9?arch=x86_64&distro=redhat-9.4", "pkg:rpm/redhat/openssl@0-0?arch=x86_64&distro=redhat-9.4"},
	} {
		data, err := canary.Bill(tc.os, tc.like)
		if err != nil {
			t.Fatal(err)
		}
		var bom cyclonedx.BOM
		if err := cyclonedx.NewBOMDecoder(bytes.NewReader(data), cyclonedx.BOMFileFormatJSON).Decode(&bom); err != nil {
			t.Fatal(err)
		}
		system, packages := (*bom.Components)[0], (*bom.Components)[1:]
		if bom.SpecVersion != cyclonedx.SpecVersion1_5 || system.Type != cyclonedx.ComponentTypeOS || system.Name != tc.os.ID || system.Version != tc.os.Version {
			t.Errorf("%s: version %s, operating system %+v", tc.like, bom.SpecVersion, system)
		}
		seen := map[string]bool{}
		for _, p := range packages {
			if seen[p.BOMRef] || p.BOMRef != p.PackageURL || !strings.Contains(p.PackageURL, "/"+p.Name+"@") {
				t.Errorf("%s: component %+v", tc.like, p)
			}
			seen[p.BOMRef] = true
		}
		if !seen[tc.expect] {
			t.Errorf("%s: %s is not among %d packages, the first of which is %s", tc.like, tc.expect, len(packages), packages[0].PackageURL)
		}
	}
}

func TestBillRefusesWhatIsOfNoDistribution(t *testing.T) {
	t.Parallel()
	for like, want := range map[string]string{
		"":                   `make canary like "": `,
		"pkg:npm/left-pad@1": `make canary like "pkg:npm/left-pad@1": no package of a distribution`,
	} {
		if _, err := canary.Bill(scan.OS{}, like); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
