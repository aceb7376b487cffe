package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

const status = "var/lib/dpkg/status"

// stageFiles is what is kept of an image: all that a scanner needs to know
// the distribution and its packages.
var stageFiles = []string{"etc/debian_version", "usr/lib/os-release", status}

const changelogs = "usr/share/doc/*/changelog*.gz"

// An image holds the files that are drawn from, by path.
type image map[string][]byte

func readImage(file string) (image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img := make(image)
	archive := tar.NewReader(f)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return img, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read image %s: %w", file, err)
		}
		name := path.Clean(header.Name)
		if header.Typeflag != tar.TypeReg || !wanted(name) {
			continue
		}
		if img[name], err = io.ReadAll(archive); err != nil {
			return nil, fmt.Errorf("read %s in image %s: %w", name, file, err)
		}
	}
}

func wanted(name string) bool {
	for _, pattern := range append([]string{changelogs}, stageFiles...) {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}

// sources returns the changelog of each source package, by its name.
func (img image) sources() (map[string][]upload, error) {
	packages, err := expect.Packages(bytes.NewReader(img[status]))
	if err != nil {
		return nil, err
	}
	sources := make(map[string][]upload)
	for _, pkg := range packages {
		data, ok := img.changelog(pkg.Name)
		if !ok {
			continue // its folder is a link to that of another package of the same source
		}
		text, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("changelog of %s: %w", pkg.Name, err)
		}
		if sources[pkg.Source], err = parseChangelog(text); err != nil {
			return nil, fmt.Errorf("changelog of %s: %w", pkg.Name, err)
		}
	}
	for _, pkg := range packages {
		if sources[pkg.Source] == nil {
			return nil, fmt.Errorf("no package of %s has its changelog", pkg.Source)
		}
	}
	return sources, nil
}

// changelog finds Debian's changelog of a binary package. A package made for
// Debian alone has no other and calls it changelog.gz.
func (img image) changelog(pkg string) ([]byte, bool) {
	folder := "usr/share/doc/" + pkg
	if data, ok := img[folder+"/changelog.Debian.gz"]; ok {
		return data, true
	}
	data, ok := img[folder+"/changelog.gz"]
	return data, ok
}
