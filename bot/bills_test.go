package bot_test

import (
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

// TestBodyTellsOfBills: who reads what a move changes is told that a list is its maker's word.
func TestBodyTellsOfBills(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		before, after scan.Reading
		want          string
	}{
		{scan.FromLayers, scan.FromLayers, ""},
		{scan.FromStored, scan.FromStored, ""},
		{scan.FromSBOM, scan.FromSBOM, "packages of both images by their bills of materials;"},
		{scan.FromSBOM, scan.FromStored, "packages of today's image by its bill of materials, of the newer one by its layers;"},
		{scan.FromLayers, scan.FromSBOM, "packages of the newer image by its bill of materials, of today's by its layers;"},
	} {
		bump := oneImage().bump(t)
		before, after := &bump.Proof.Current[0], &bump.Proof.Next[0]
		before.PackagesFrom, after.PackagesFrom = tc.before, tc.after
		before.OS, after.OS = scan.OS{ID: "debian", Version: "12", Name: "debian 12"}, scan.OS{ID: "debian", Version: "12", Name: bookworm}
		check := bot.CheckOf([]bot.Bump{bump})
		for _, text := range []string{bot.Body([]bot.Bump{bump}), check.Summary} {
			if strings.Contains(text, "another release") {
				t.Errorf("a bill writes the release in another way:\n%s", text)
			}
			if !strings.Contains(text, tc.want) || strings.Contains(text, "bill") != (tc.want != "") {
				t.Errorf("%s, %s:\n%s\nwant %q", tc.before, tc.after, text, tc.want)
			}
		}
	}
}
