package storetest

import (
	"testing"
	"time"

	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/cache"
)

func reports(t *testing.T, open Open) {
	s := open(t)
	key := cache.Key{
		Digest: "sha256:a", Platform: "linux/amd64", Scanner: scan.Tool{Name: "grype", Version: "1"}, Database: noon,
	}
	report := scan.Report{
		Image: "docker.io/library/debian", Digest: "sha256:a", Platform: "linux/amd64", OS: scan.OS{ID: "debian"},
		Packages:        []scan.Package{{Name: "openssl", Version: "3", Type: "deb"}},
		Vulnerabilities: []scan.Vulnerability{{ID: "CVE-1", Severity: scan.High, CVSS: 7.5, KnownExploited: true}},
		Scanner:         key.Scanner, DatabaseBuilt: noon,
	}
	if err := s.SaveReport(t.Context(), key, report, noon); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*cache.Key){
		"digest":   func(k *cache.Key) { k.Digest = "sha256:b" },
		"platform": func(k *cache.Key) { k.Platform = "linux/arm64" },
		"scanner":  func(k *cache.Key) { k.Scanner.Name = "trivy" },
		"version":  func(k *cache.Key) { k.Scanner.Version = "2" },
		"database": func(k *cache.Key) { k.Database = noon.Add(time.Hour) },
		"sbom":     func(k *cache.Key) { k.SBOM = "sha256:c" },
	} {
		other := key
		change(&other)
		if got, err := s.Report(t.Context(), other); err != nil || got != nil {
			t.Errorf("another %s: %v, %v", name, got, err)
		}
	}
	got, err := s.Report(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "report", &report, got)
	report.Vulnerabilities = nil
	if err := s.SaveReport(t.Context(), key, report, noon); err != nil {
		t.Fatal(err)
	}
	got, err = s.Report(t.Context(), key)
	same(t, "replaced", &report, got)
	same(t, "error", nil, err)
}

func catalogues(t *testing.T, open Open) {
	s := open(t)
	key := cache.CatalogueKey{Digest: "sha256:a", Platform: "linux/amd64", Cataloguer: "syft 1"}
	for _, body := range []string{"first", "second"} {
		if err := s.SaveCatalogue(t.Context(), key, []byte(body), noon); err != nil {
			t.Fatal(err)
		}
		got, err := s.Catalogue(t.Context(), key, noon)
		same(t, "catalogue", body, string(got))
		same(t, "error", nil, err)
	}
	for name, change := range map[string]func(*cache.CatalogueKey){
		"digest":     func(k *cache.CatalogueKey) { k.Digest = "sha256:b" },
		"platform":   func(k *cache.CatalogueKey) { k.Platform = "linux/arm64" },
		"cataloguer": func(k *cache.CatalogueKey) { k.Cataloguer = "syft 2" },
	} {
		other := key
		change(&other)
		if got, err := s.Catalogue(t.Context(), other, noon); err != nil || got != nil {
			t.Errorf("another %s: %q, %v", name, got, err)
		}
	}
}

// unused drops what no scan has used for a while, and keeps what one has.
func unused(t *testing.T, open Open) {
	s := open(t)
	idle := cache.CatalogueKey{Digest: "sha256:idle"}
	busy := cache.CatalogueKey{Digest: "sha256:busy"}
	for _, key := range []cache.CatalogueKey{idle, busy} {
		if err := s.SaveCatalogue(t.Context(), key, []byte("packages"), noon); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Catalogue(t.Context(), busy, noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	finished := noon.Add(store.ReportAge + time.Hour)
	if err := s.SaveCycle(t.Context(), store.Cycle{Started: finished, Finished: finished}); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[cache.CatalogueKey]string{idle: "", busy: "packages"} {
		got, err := s.Catalogue(t.Context(), key, finished)
		same(t, key.Digest, want, string(got))
		same(t, "error", nil, err)
	}
}
