package worker_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// squeezed is a layer of a gzip stream as it stands.
func squeezed(t *testing.T, fill func(w io.Writer) error) v1.Layer {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return static.NewLayer(out.Bytes(), types.DockerLayer)
}

// zeros writes an archive of one file that is nothing but zeros.
func zeros(name string, size int64) func(io.Writer) error {
	return func(w io.Writer) error {
		archive := tar.NewWriter(w)
		if err := archive.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o644}); err != nil {
			return err
		}
		block := make([]byte, 1<<20)
		for ; size > 0; size -= int64(len(block)) {
			if _, err := archive.Write(block[:min(size, int64(len(block)))]); err != nil {
				return err
			}
		}
		return archive.Close()
	}
}

// manyFiles writes an archive of empty files; that all have one name makes no difference to what it costs to read.
func manyFiles(n int) func(io.Writer) error {
	return func(w io.Writer) error {
		var header bytes.Buffer
		if err := tar.NewWriter(&header).WriteHeader(&tar.Header{Name: "f", Mode: 0o644}); err != nil {
			return err
		}
		some := bytes.Repeat(header.Bytes(), 1000)
		for range n / 1000 {
			if _, err := w.Write(some); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestHostileLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("packs and unpacks half a gigabyte")
	}
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	whole := archive(t, rootfs(t, "old")...)
	for _, tc := range []struct {
		name  string
		layer v1.Layer
		want  string
	}{
		{"bomb in a package database", squeezed(t, zeros("var/lib/dpkg/status", 400<<20)), "unpack layer: /var/lib/dpkg/status is 400 MiB, above the bound of 384 MiB for a file that has to be read"},
		{"a million files", squeezed(t, manyFiles(1_000_000)), "the image has more than 600000 files"},
		{"a path that climbs", layerOf(t, member{name: "../../etc/passwd"}), `unpack layer: the path "../../etc/passwd" climbs out of the image`},
		{"a hidden path that climbs", layerOf(t, member{name: "a/../../b"}), `unpack layer: the path "a/../../b" climbs out of the image`},
		{"a hard link that climbs", layerOf(t, member{name: "a", kind: tar.TypeLink, link: "../b"}), `unpack layer: the path "../b" climbs out of the image`},
		{"a hard link to nothing", layerOf(t, member{name: "a", kind: tar.TypeLink, link: "b"}), "unpack layer: hard link /a to /b, which is no file of the layer before it"},
		{"a path without end", layerOf(t, member{name: strings.Repeat("a", 5000)}), "unpack layer: a path of 5000 bytes, above the bound of 4096"},
		{"a path of many names", layerOf(t, member{name: strings.Repeat("a/", 300) + "b"}), "unpack layer: a path of 300 names, above the bound of 256"},
		{"a gzip stream that is cut", static.NewLayer(cut(t, whole), types.DockerLayer), "unpack layer: unexpected EOF"},
		{"a gzip stream with an error", static.NewLayer(flip(t, whole), types.DockerLayer), "unpack layer: "},
		{"no archive", static.NewLayer([]byte("hello"), types.DockerLayer), "unpack layer: unexpected EOF"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, rootfs(t, "old")...), tc.layer)))
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
			if got := fault.ClassOf(err); got != fault.Permanent {
				t.Errorf("class %q", got)
			}
		})
	}
}

func cut(t *testing.T, data []byte) []byte {
	packed := pack(t, data)
	return packed[:len(packed)/2]
}

func flip(t *testing.T, data []byte) []byte {
	packed := pack(t, data)
	packed[len(packed)/2] ^= 0xff
	return packed
}

func pack(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What looks hostile and harms nobody is scanned: files that no cataloguer wants pass by, whatever their size, and links lead nowhere.
func TestHarmlessOddities(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	odd := layerOf(t,
		member{name: "loop/a", kind: tar.TypeSymlink, link: "b"},
		member{name: "loop/b", kind: tar.TypeSymlink, link: "a"},
		member{name: "self", kind: tar.TypeSymlink, link: "self/self"},
		member{name: "up", kind: tar.TypeSymlink, link: "../../../../etc/passwd"},
		member{name: "dev/null", kind: tar.TypeChar},
		member{name: "/absolute"},
		member{name: "./././dotted"},
		member{name: "app/broken.jar", content: "PK\x03\x04 no archive"},
		member{name: "app/broken", content: "\x7fELF\xff Go buildinf: .dep-v0 .note.package"},
	)
	bomb := squeezed(t, zeros("var/cache/zeros", 64<<20))
	report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, rootfs(t, "old")...), odd, bomb)))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(report.Packages); got != 114 {
		t.Errorf("%d packages, want 114", got)
	}
}
