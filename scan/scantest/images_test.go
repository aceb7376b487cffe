//go:build scanners

package scantest

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err) // a broken lab
	}
	return value
}

// rootfs is the layer of a stage: the tar that testdata/debian12/images.sh made.
func rootfs(t *testing.T, stage string) v1.Layer {
	t.Helper()
	layer, err := tarball.LayerFromFile(filepath.Join(program(t, "IMAGES"), stage+".tar"))
	if err != nil {
		t.Fatal(err)
	}
	return layer
}

// files is a layer of small files.
func files(content map[string]string) v1.Layer {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for name, text := range content {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			panic(err)
		}
		_, _ = io.WriteString(w, text)
	}
	_ = w.Close()
	return must(tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil }))
}

// push puts an index with one image for linux/amd64 into the registry and returns it as a target.
func (l *lab) push(tag string, layers ...v1.Layer) scan.Target {
	image := must(mutate.AppendLayers(empty.Image, layers...))
	config := must(image.ConfigFile()).DeepCopy()
	config.OS, config.Architecture, config.Config.Cmd = "linux", "amd64", []string{"bash"}
	image = must(mutate.ConfigFile(image, config))
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
	})
	repository := l.registry + "/library/debian"
	if err := remote.WriteIndex(must(name.NewTag(repository+":"+tag, name.Insecure)), index); err != nil {
		panic(err)
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: must(index.Digest()).String(), Platform: "linux/amd64",
		Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}
}

// found computes what must be found in a layer from the package database in it.
func found(t *testing.T, layer v1.Layer) []match {
	t.Helper()
	content := must(layer.Uncompressed())
	defer content.Close()
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			t.Fatal("the image has no package database")
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimPrefix(path.Clean(header.Name), "/") != "var/lib/dpkg/status" {
			continue
		}
		list := []match{}
		for _, m := range must(expect.Matches(archive, debian12.Advisories())) {
			list = append(list, match{m.CVE, m.Package, m.Installed, m.Fixed, strings.ToLower(m.Severity)})
		}
		return sorted(list)
	}
}

// unknowable are images of which no scanner may say that they are clean.
func (l *lab) unknowable(t *testing.T) map[string]scan.Target {
	release := []string{"etc/os-release", "usr/lib/os-release", "etc/debian_version", "etc/issue", "etc/issue.net", "etc/dpkg/origins"}
	debian := string(must(os.ReadFile("../../testdata/debian12/newer/usr/lib/os-release")))
	other := "ID=wolkig\nVERSION_ID=7\nNAME=\"Wolkig Linux\"\nPRETTY_NAME=\"Wolkig Linux 7\"\n"
	return map[string]scan.Target{
		"packages of a distribution that nobody knows": l.push("unknown", without(t, "newer", release...), files(map[string]string{"etc/os-release": other})),
		"packages of no distribution":                  l.push("nobodys", without(t, "newer", release...)),
		"a distribution without its package database":  l.push("stripped", without(t, "old", "var/lib/dpkg", "usr/share/doc")),
		"a distribution's name and nothing else":       l.push("name", files(map[string]string{"etc/os-release": debian})),
		"one file":                                     l.push("file", files(map[string]string{"hello": "world"})),
	}
}

// without is the layer of a stage less some paths. Scanners look at layers one by one, so what is not to be found may be in none.
func without(t *testing.T, stage string, paths ...string) v1.Layer {
	t.Helper()
	file := must(os.Create(filepath.Join(t.TempDir(), "layer.tar")))
	defer file.Close()
	content := must(rootfs(t, stage).Uncompressed())
	defer content.Close()
	w := tar.NewWriter(file)
	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(path.Clean(header.Name), "/")
		if slices.ContainsFunc(paths, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") }) {
			continue
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		_ = must(io.Copy(w, archive))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return must(tarball.LayerFromFile(file.Name()))
}

func ids(list []scan.Vulnerability) []string {
	var all []string
	for _, v := range list {
		all = append(all, v.ID)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
