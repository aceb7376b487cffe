package worker

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/anchore/syft/syft"
	"github.com/google/go-cmp/cmp"
)

// uncovered are cataloguers that Syft runs on images and we do not: kernels and their modules, models, desktop bundles and package managers
// that images of services do not use, and Windows programs. What they would find is not in a report.
var uncovered = []string{
	"apple-app-bundle-cataloger", "gguf-cataloger", "homebrew-cataloger", "linux-kernel-cataloger", "nix-cataloger",
	"pe-binary-package-cataloger", "safetensors-cataloger", "snap-cataloger",
}

// A new release of Syft may bring cataloguers: this says so.
func TestCataloguersAreThoseOfSyft(t *testing.T) {
	t.Parallel()
	found, err := syft.CreateSBOM(t.Context(), bench{&resolver{tree: newTree()}}, syft.DefaultCreateSBOMConfig().WithoutFiles())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(found.Descriptor.Configuration)
	if err != nil {
		t.Fatal(err)
	}
	var configuration struct {
		Catalogers struct{ Used []string }
	}
	if err := json.Unmarshal(data, &configuration); err != nil {
		t.Fatal(err)
	}
	i := newInspector(t.Context(), newWorkshop())
	got := append(slices.Clone(uncovered), i.java.Name())
	for _, p := range programs() {
		got = append(got, p.cataloger().Name())
	}
	for _, c := range tasks() {
		got = append(got, c.Name())
	}
	slices.Sort(got)
	want := slices.DeleteFunc(configuration.Catalogers.Used, func(name string) bool { return strings.HasPrefix(name, "file-") }) // of files, not packages
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cataloguers (-Syft's +ours):\n%s", diff)
	}
}
