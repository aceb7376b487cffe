//go:build e2e

package worker_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/basebump/basebump/scan"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
)

// TestEndToEndAttachedSBOM scans an image with the built programs, by its layers and by the bill of materials that stands beside it as
// BuildKit puts it there: they find the same, and the second way reads no layer.
func TestEndToEndAttachedSBOM(t *testing.T) {
	registry, _ := counted(t)
	made := image(t, layerOf(t, rootfs(t, "old")...))
	_, catalogue, err := open(t).ScanBy(t.Context(), push(t, registry, made), nil)
	if err != nil {
		t.Fatal(err)
	}
	pushAttached(t, registry, made, bill(t, scan.SPDX, listed(t, catalogue)))
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	byLayers := scannedBy(t, registry, dir, "never")
	bySBOM := scannedBy(t, registry, dir, "attached")
	if byLayers.PackagesFrom != scan.FromLayers || bySBOM.PackagesFrom != scan.FromSBOM {
		t.Errorf("read from %q and from %q", byLayers.PackagesFrom, bySBOM.PackagesFrom)
	}
	if len(byLayers.Vulnerabilities) == 0 {
		t.Error("nothing found")
	}
	bySBOM.PackagesFrom, bySBOM.OS.Name = byLayers.PackagesFrom, byLayers.OS.Name // a bill does not keep the name
	if diff := gocmp.Diff(byLayers, bySBOM); diff != "" {
		t.Errorf("(-by layers +by bill):\n%s", diff)
	}
}

// pushAttached makes debian:12 answer an index of the image and of the bill beside it.
func pushAttached(t *testing.T, registry string, made v1.Image, bill *scan.SBOM) {
	t.Helper()
	digest, err := made.Digest()
	if err != nil {
		t.Fatal(err)
	}
	const predicate = "https://spdx.dev/Document"
	statement := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v0.1","predicateType":%q,"subject":[{"name":"pkg:docker/debian@12","digest":{"sha256":%q}}],"predicate":%s}`,
		predicate, digest.Hex, bill.Data)
	beside, err := mutate.Append(empty.Image, mutate.Addendum{
		Layer: static.NewLayer([]byte(statement), "application/vnd.in-toto+json"), MediaType: "application/vnd.in-toto+json",
		Annotations: map[string]string{"in-toto.io/predicate-type": predicate},
	})
	if err != nil {
		t.Fatal(err)
	}
	index := mutate.AppendManifests(
		empty.Index,
		mutate.IndexAddendum{Add: made, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: beside, Descriptor: v1.Descriptor{
			Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest.String()},
		}},
	)
	ref, err := name.NewTag(registry+"/library/debian:12", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(ref, index); err != nil {
		t.Fatal(err)
	}
}

// scannedBy is what `basebump scan` says of debian:12.
func scannedBy(t *testing.T, registry, database, sbom string) scan.Report {
	t.Helper()
	folder := t.TempDir()
	config := filepath.Join(folder, "basebump.yaml")
	text := fmt.Sprintf("registries: [{host: docker.io, mirror: \"http://%s\"}]\nscanners: [{type: grype, db_dir: %q, max_db_age: 0s}]\npolicy: {sbom: %s}\n",
		registry, database, sbom)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var errors strings.Builder
	cmd := exec.Command("../../../bin/basebump", "--config", config, "--state-dir", folder, "scan", "debian:12", "--output", "json")
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errors)
	}
	var said struct{ Reports []scan.Report }
	if err := json.Unmarshal(out, &said); err != nil || len(said.Reports) != 1 {
		t.Fatalf("%d reports, %v\n%s", len(said.Reports), err, out)
	}
	return said.Reports[0]
}
