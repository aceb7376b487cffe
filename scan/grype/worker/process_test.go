package worker_test

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// manyPackages writes an archive of package descriptions that are kept, each below the bound for one file and all of them above memory's.
func manyPackages(n int, size int64) func(io.Writer) error {
	return func(w io.Writer) error {
		archive := tar.NewWriter(w)
		block := bytes.Repeat([]byte(" "), 1<<20)
		for i := range n {
			if err := archive.WriteHeader(&tar.Header{Name: fmt.Sprintf("app/node_modules/p%d/package.json", i), Size: size, Mode: 0o644}); err != nil {
				return err
			}
			for left := size; left > 0; left -= int64(len(block)) {
				if _, err := archive.Write(block[:min(left, int64(len(block)))]); err != nil {
					return err
				}
			}
		}
		return archive.Close()
	}
}

// Images that want too much, or lie, meet the scanner as it runs in production: a process of its own within bounds. Each ends as a stated
// failure or as the right report; the same scanner then scans the next image; nothing is left in the temporary folder.
func TestHostileImagesAgainstTheProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("packs and unpacks gigabytes")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	scanner := grype.New(grype.Options{
		Command: os.Args[0], DBDir: dir, Timeout: 5 * time.Minute, MemoryLimit: 1 << 30, TempLimit: 64 << 20, Now: func() time.Time { return built },
	})
	liar := newLiar(t)
	registry := liar.host
	base := layerOf(t, rootfs(t, "old")...)
	good := push(t, registry, image(t, base))
	on := func(layers ...v1.Layer) scan.Target {
		return push(t, registry, image(t, append([]v1.Layer{base}, layers...)...))
	}
	lie := func(change func(*v1.Manifest)) scan.Target {
		unread := image(t, layerOf(t, rootfs(t, "new")...))
		push(t, registry, unread)
		manifest, err := unread.Manifest()
		if err != nil {
			t.Fatal(err)
		}
		changed := manifest.DeepCopy()
		change(changed)
		return liar.says(t, encode(t, changed))
	}
	whole := archive(t, rootfs(t, "old")...)
	for _, tc := range []struct {
		name   string
		target scan.Target
		want   string // in the error; empty: the image is scanned
	}{
		{"a decompression bomb that nobody reads", on(squeezed(t, zeros("var/cache/zeros", 1<<30))), ""},
		{"a decompression bomb in a package database", on(squeezed(t, zeros("var/lib/dpkg/status", 1<<30))), "/var/lib/dpkg/status is 1024 MiB, above the bound of 384 MiB for a file that has to be read"},
		{"a decompression bomb of many package descriptions", on(squeezed(t, manyPackages(30, 20<<20))), "the image has more than 536870912 bytes of package data"},
		{"1,000,000 files", on(squeezed(t, manyFiles(1_000_000))), "the image has more than 600000 files"},
		{"a path that climbs", on(layerOf(t, member{name: "../../../../" + temp + "/owned", content: "x"})), "climbs out of the image"},
		{"a loop of links", on(layerOf(t, member{name: "a", kind: tar.TypeSymlink, link: "b"}, member{name: "b", kind: tar.TypeSymlink, link: "a"})), ""},
		{"a corrupt gzip stream", on(static.NewLayer(flip(t, whole), types.DockerLayer)), "unpack layer: "},
		{"a layer of a wrong size", lie(func(m *v1.Manifest) { m.Layers[0].Size-- }), "does not match expected size"},
		{"a configuration of 100 MB", lie(func(m *v1.Manifest) { m.Config.Size = 100 << 20 }), "the configuration has 100 MiB, above the bound of 8"},
	} {
		_, err := scanner.Scan(t.Context(), tc.target)
		switch {
		case tc.want == "" && err != nil:
			t.Errorf("%s: %v", tc.name, fault.Text(err))
		case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
			t.Errorf("%s:\ngot  %v\nwant %s", tc.name, err, tc.want)
		}
		if report, err := scanner.Scan(t.Context(), good); err != nil || len(report.Vulnerabilities) == 0 {
			t.Fatalf("after %s: %d vulnerabilities, %v", tc.name, len(report.Vulnerabilities), err)
		}
	}
	if err := scanner.Close(); err != nil {
		t.Fatal(err)
	}
	isEmpty(t, temp)
}

// A scanner whose bound is below what an image takes is stopped, and says which bound.
func TestProcessBeyondItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks half a gigabyte")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	scanner := grype.New(grype.Options{Command: os.Args[0], DBDir: dir, Timeout: 5 * time.Minute, MemoryLimit: 200 << 20, Now: func() time.Time { return built }})
	target := push(t, host(t, nil), image(t, layerOf(t, rootfs(t, "old")...), squeezed(t, manyPackages(25, 20<<20))))
	_, err = scanner.Scan(t.Context(), target)
	if err == nil || !strings.Contains(err.Error(), "the scanner used more than 200 MiB of memory and was stopped") {
		t.Errorf("got %v", err)
	}
	if err := scanner.Close(); err != nil {
		t.Fatal(err)
	}
	isEmpty(t, temp)
}
