// Package canary tells a clean image from a database that does not know the image's distribution, of which scanners say the same: nothing.
//
// It makes a bill of materials with first versions of packages that every distribution has had to fix. A scanner that finds nothing in it
// has no data for the distribution.
package canary

import (
	"bytes"
	"fmt"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/basebump/basebump/scan"
	"github.com/package-url/packageurl-go"
)

// names are those of source and binary packages, as one or another distribution has them.
var names = []string{
	"bash", "busybox", "bzip2", "coreutils", "curl", "expat", "gcc", "git", "glib2", "glib2.0", "glibc", "gnupg2", "gnutls", "gnutls28", "kernel",
	"krb5", "libarchive", "libexpat", "libssh2", "libxml2", "linux", "musl", "ncurses", "nghttp2", "openldap", "openssh", "openssl",
	"openssl-libs", "pam", "pcre", "perl", "python3", "sqlite", "sqlite3", "sudo", "systemd", "tar", "util-linux", "vim", "xz", "zlib",
}

// first is a version before all others, by package URL type.
var first = map[string]string{packageurl.TypeDebian: "0", packageurl.TypeApk: "0-r0", packageurl.TypeRPM: "0-0", "alpm": "0-0"}

// Bill returns the bill as CycloneDX 1.5 in JSON. Its packages are of the kind and distribution of one in the image, which the package URL
// names.
func Bill(os scan.OS, like string) ([]byte, error) {
	model, err := packageurl.FromString(like)
	if err != nil {
		return nil, fmt.Errorf("make canary like %q: %w", like, err)
	}
	version, ok := first[model.Type]
	if !ok {
		return nil, fmt.Errorf("make canary like %q: no package of a distribution", like)
	}
	list := []cyclonedx.Component{{
		BOMRef: "os", Type: cyclonedx.ComponentTypeOS, Name: os.ID, Version: os.Version,
		Properties: &[]cyclonedx.Property{{Name: "aquasecurity:trivy:Class", Value: "os-pkgs"}, {Name: "aquasecurity:trivy:Type", Value: os.ID}},
	}}
	qualifiers := packageurl.Qualifiers{}
	for _, q := range model.Qualifiers {
		if q.Key == "distro" || q.Key == "arch" {
			qualifiers = append(qualifiers, q)
		}
	}
	for _, name := range names {
		purl := packageurl.NewPackageURL(model.Type, model.Namespace, name, version, qualifiers, "").ToString()
		list = append(list, cyclonedx.Component{BOMRef: purl, Type: cyclonedx.ComponentTypeLibrary, Name: name, Version: version, PackageURL: purl})
	}
	bom := cyclonedx.NewBOM()
	bom.Components = &list
	var out bytes.Buffer
	if err := cyclonedx.NewBOMEncoder(&out, cyclonedx.BOMFileFormatJSON).EncodeVersion(bom, cyclonedx.SpecVersion1_5); err != nil {
		return nil, fmt.Errorf("make canary: %w", err)
	}
	return out.Bytes(), nil
}
