package worker_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anchore/syft/syft/format/cyclonedxjson"
	"github.com/anchore/syft/syft/format/spdxjson"
	"github.com/anchore/syft/syft/format/syftjson"
	"github.com/anchore/syft/syft/pkg"
	"github.com/anchore/syft/syft/sbom"
	"github.com/anchore/syft/syft/source"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/worker"
	"github.com/basebump/basebump/testdata/debian12"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// counted is a registry that counts what it is asked.
func counted(t *testing.T) (host_ string, requests *atomic.Int64) {
	requests = &atomic.Int64{}
	return host(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			next.ServeHTTP(w, r)
		})
	}), requests
}

// mixed is a real image with packages of several languages in it, some of which belong to the distribution.
func mixed(t *testing.T) []member {
	files := rootfs(t, "old")
	for i, f := range files {
		if f.name == "var/lib/dpkg/status" {
			files[i].content += "\nPackage: python3-six\nStatus: install ok installed\nVersion: 1.16.0-4\nSource: six\nArchitecture: all\nMaintainer: x\nDescription: x\n"
		}
	}
	const owned = "usr/lib/python3/dist-packages/six-1.17.0.dist-info/METADATA"
	return append(files,
		member{name: "var/lib/dpkg/info/python3-six.md5sums", content: strings.Repeat("0", 32) + "  " + owned + "\n"},
		member{name: owned, content: "Metadata-Version: 2.1\nName: six\nVersion: 1.17.0\n"},
		member{name: "app/node_modules/left-pad/package.json", content: `{"name":"left-pad","version":"1.3.0"}`},
		member{name: "app/lib/core.jar", content: jar(t, "org.example", "core", "2.14.1")},
		member{name: "usr/local/bin/gofmt", content: goProgram(t)},
	)
}

func TestStoredListsAgreeWithLayers(t *testing.T) {
	t.Parallel()
	scanner := open(t)
	images := map[string][]member{"mixed": mixed(t)}
	for _, stage := range debian12.Stages() {
		images[stage.Name] = rootfs(t, stage.Name)
	}
	for name, files := range images {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registry, requests := counted(t)
			target := push(t, registry, image(t, layerOf(t, files...)))
			want, catalogue, err := scanner.ScanBy(t.Context(), target, nil)
			if err != nil || len(catalogue) == 0 || len(catalogue) > 256<<10 {
				t.Fatalf("a catalogue of %d bytes, %v", len(catalogue), err)
			}
			before := requests.Load()
			got, again, err := scanner.ScanBy(t.Context(), target, catalogue)
			if err != nil || again != nil {
				t.Fatalf("another catalogue of %d bytes, %v", len(again), err)
			}
			want.PackagesFrom = scan.FromStored
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("by the stored list (-by layers +by list):\n%s", diff)
			}
			if asked := requests.Load() - before; asked != 0 {
				t.Errorf("the registry was asked %d times, want 0", asked)
			}
		})
	}
}

// A database of other advisories judges the same list anew.
func TestStoredListMeetsAnotherDatabase(t *testing.T) {
	t.Parallel()
	_, catalogue, err := open(t).ScanBy(t.Context(), push(t, host(t, nil), image(t, layerOf(t, rootfs(t, "newer")...))), nil)
	if err != nil {
		t.Fatal(err)
	}
	dir, later := t.TempDir(), built.Add(24*time.Hour)
	if err := worker.Build(t.Context(), advisoryFor(t, "bash", "99"), dir, later); err != nil {
		t.Fatal(err)
	}
	scanner, err := worker.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer scanner.Close()
	report, _, err := scanner.ScanBy(t.Context(), scan.Target{Image: "docker.io/library/debian", Digest: "sha256:aa"}, catalogue)
	if err != nil || len(report.Vulnerabilities) != 1 || report.Vulnerabilities[0].Package != "bash" || !report.DatabaseBuilt.Equal(later) {
		t.Errorf("%+v, built %s, %v", report.Vulnerabilities, report.DatabaseBuilt, err)
	}
}

func TestDamagedCatalogue(t *testing.T) {
	t.Parallel()
	_, _, err := open(t).ScanBy(t.Context(), scan.Target{}, []byte("nonsense"))
	if err == nil || !strings.HasPrefix(err.Error(), "read catalogue: ") || fault.ClassOf(err) != fault.Permanent {
		t.Errorf("got %v", err)
	}
}

// listed is what a catalogue holds.
func listed(t *testing.T, catalogue []byte) sbom.SBOM {
	t.Helper()
	zip, err := zstd.NewReader(bytes.NewReader(catalogue))
	if err != nil {
		t.Fatal(err)
	}
	defer zip.Close()
	list, _, _, err := syftjson.NewFormatDecoder().Decode(zip)
	if err != nil {
		t.Fatal(err)
	}
	list.Source = source.Description{Name: "debian", Metadata: source.ImageMetadata{UserInput: "debian:12"}}
	return *list
}

// bill writes a list as Syft does, which is what BuildKit attaches to images.
func bill(t *testing.T, format scan.SBOMFormat, list sbom.SBOM) *scan.SBOM {
	t.Helper()
	var encoder sbom.FormatEncoder
	var err error
	if format == scan.SPDX {
		encoder, err = spdxjson.NewFormatEncoderWithConfig(spdxjson.DefaultEncoderConfig())
	} else {
		encoder, err = cyclonedxjson.NewFormatEncoderWithConfig(cyclonedxjson.DefaultEncoderConfig())
	}
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := encoder.Encode(&out, list); err != nil {
		t.Fatal(err)
	}
	return &scan.SBOM{Format: format, Data: out.Bytes()}
}

func TestBillsAgreeWithLayers(t *testing.T) {
	t.Parallel()
	scanner := open(t)
	registry, requests := counted(t)
	for _, stage := range debian12.Stages() {
		target := push(t, registry, image(t, layerOf(t, rootfs(t, stage.Name)...)))
		want, catalogue, err := scanner.ScanBy(t.Context(), target, nil)
		if err != nil {
			t.Fatal(err)
		}
		before := requests.Load()
		for _, format := range []scan.SBOMFormat{scan.SPDX, scan.CycloneDX} {
			target.SBOM = bill(t, format, listed(t, catalogue))
			got, made, err := scanner.ScanBy(t.Context(), target, nil)
			if err != nil || made != nil {
				t.Fatalf("%s, %s: %v", stage.Name, format, err)
			}
			if got.PackagesFrom != scan.FromSBOM || got.OS.ID != "debian" || got.OS.Version != "12" || got.OS.Name == "debian" {
				t.Errorf("%s, %s: from %q, %+v", stage.Name, format, got.PackagesFrom, got.OS)
			}
			got.PackagesFrom, got.OS = want.PackagesFrom, want.OS
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s, by %s (-by layers +by bill):\n%s", stage.Name, format, diff)
			}
		}
		if asked := requests.Load() - before; asked != 0 {
			t.Errorf("the registry was asked %d times, want 0", asked)
		}
	}
}

func TestBillsThatSayTooLittle(t *testing.T) {
	t.Parallel()
	scanner := open(t)
	_, catalogue, err := scanner.ScanBy(t.Context(), push(t, host(t, nil), image(t, layerOf(t, rootfs(t, "old")...))), nil)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*pkg.Package)) sbom.SBOM {
		list := listed(t, catalogue)
		packages := list.Artifacts.Packages.Sorted()
		for i := range packages {
			change(&packages[i])
		}
		list.Artifacts.Packages = pkg.NewCollection(packages...)
		return list
	}
	empty := listed(t, catalogue)
	empty.Artifacts.Packages = pkg.NewCollection()
	nowhere := with(func(p *pkg.Package) { p.PURL = "pkg:deb/debian/" + p.Name + "@" + p.Version })
	nowhere.Artifacts.LinuxDistribution = nil
	sourceless := with(func(p *pkg.Package) {
		p.PURL, p.Metadata = "pkg:deb/debian/"+p.Name+"@"+p.Version+"?distro=debian-12", pkg.DpkgDBEntry{Package: p.Name, Version: p.Version}
	})
	other := with(func(p *pkg.Package) { p.PURL = strings.ReplaceAll(p.PURL, "debian-12", "debian-7") })
	other.Artifacts.LinuxDistribution.VersionID, other.Artifacts.LinuxDistribution.PrettyName = "7", "Debian 7"
	for _, tc := range []struct {
		name string
		bill *scan.SBOM
		want string
	}{
		{"no packages", bill(t, scan.SPDX, empty), "the bill of materials lists no packages"},
		{"no packages in CycloneDX", bill(t, scan.CycloneDX, empty), "the bill of materials lists no packages"},
		{"no distribution", bill(t, scan.SPDX, nowhere), "the bill of materials does not say which distribution the image is"},
		{"no sources", bill(t, scan.SPDX, sourceless), "the bill of materials does not say which sources its packages are built from"},
		{"a distribution without advisories", bill(t, scan.SPDX, other), "the database has no data for debian 7"},
		{"another format", &scan.SBOM{Format: scan.CycloneDX, Data: bill(t, scan.SPDX, listed(t, catalogue)).Data}, "read bill of materials: it is no cyclonedx-json"},
		{"an unknown format", &scan.SBOM{Format: "swid", Data: []byte("{}")}, `read bill of materials: the format "swid" is not known`},
		{"nonsense", &scan.SBOM{Format: scan.SPDX, Data: []byte("nonsense")}, "read bill of materials: it is no spdx-json"},
		{"nothing in it", &scan.SBOM{Format: scan.SPDX, Data: []byte(`{"spdxVersion":"SPDX-2.3"}`)}, "the bill of materials lists no packages"},
	} {
		_, err := scanner.Scan(t.Context(), scan.Target{Image: "docker.io/library/debian", Digest: "sha256:aa", SBOM: tc.bill})
		if err == nil || err.Error() != tc.want || fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%s:\ngot  %v\nwant %s", tc.name, err, tc.want)
		}
	}
}

// An image and its successor share most layers: each is pulled once.
func TestCommonLayersAreReadOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	pulled := map[string]int{}
	registry := host(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") {
				mu.Lock()
				pulled[r.URL.Path]++
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	})
	base := layerOf(t, rootfs(t, "old")...)
	scanner := open(t)
	for _, name := range []string{"first", "second", "third"} {
		if _, err := scanner.Scan(t.Context(), push(t, registry, image(t, base, layerOf(t, member{name: "app/" + name, content: name})))); err != nil {
			t.Fatal(err)
		}
	}
	if len(pulled) != 4 {
		t.Errorf("%d layers were pulled, want the common one and three others", len(pulled))
	}
	for path, times := range pulled {
		if times != 1 {
			t.Errorf("%s was pulled %d times", path, times)
		}
	}
}
