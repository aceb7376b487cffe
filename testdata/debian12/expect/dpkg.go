package expect

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strings"
)

// A Package is an installed binary package and the source package it was built from.
type Package struct {
	Name, Version         string
	Source, SourceVersion string
}

// Packages reads the installed packages from a dpkg status file, in its order.
func Packages(status io.Reader) ([]Package, error) {
	var packages []Package
	paragraphs := textproto.NewReader(bufio.NewReader(status))
	for {
		fields, err := paragraphs.ReadMIMEHeader()
		if name := fields.Get("Package"); name != "" && fields.Get("Status") == "install ok installed" {
			pkg := Package{Name: name, Version: fields.Get("Version")}
			pkg.Source, pkg.SourceVersion = source(fields.Get("Source"), pkg)
			packages = append(packages, pkg)
		}
		if errors.Is(err, io.EOF) {
			return packages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read dpkg status: %w", err)
		}
	}
}

// source splits a Source field, "name" or "name (version)". dpkg leaves out
// what is equal to the binary package's own.
func source(field string, binary Package) (name, version string) {
	name, version, _ = strings.Cut(field, " ")
	version = strings.Trim(version, "()")
	if name == "" {
		name = binary.Name
	}
	if version == "" {
		version = binary.Version
	}
	return name, version
}
