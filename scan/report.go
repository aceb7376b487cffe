// Package scan compares what scanners find in two images and judges whether a move from one to the other is an improvement.
//
// It defines Report, Diff, Policy and Verdict, and the small interface that every scanner stands behind. The package itself is pure:
// no network, no file system, no clock. Scanners live in the packages below it.
package scan

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// Scanner finds the vulnerabilities of one platform of one image. Implementations are safe for concurrent use.
type Scanner interface {
	// Scan never says "clean" when it means "unknown": a missing or unusable database, an image that cannot be read and an
	// operating system that the database does not cover are errors, classified by package fault.
	Scan(ctx context.Context, target Target) (Report, error)
}

// Target names what to scan and how it is reached.
type Target struct {
	Image    string `json:"image"`    // canonical repository: docker.io/library/debian
	Digest   string `json:"digest"`   // of an index or of a manifest
	Platform string `json:"platform"` // linux/amd64, linux/arm/v7; empty for a manifest that is no index
	Index    string `json:"-"`        // the digest of the image that the platform was found in; empty when unknown
	Access   Access `json:"access"`
	SBOM     *SBOM  `json:"sbom,omitempty"` // what the packages are read from instead of the layers; see SBOM
}

// SBOM is a bill of materials that came with an image. Whoever sets it has made sure that it is about exactly this platform's manifest and
// from somebody who is trusted to say what is in it. A scanner that cannot read one scans the layers.
type SBOM struct {
	Format SBOMFormat `json:"format"`
	Data   []byte     `json:"data"` // the document itself, unwrapped from its attestation; at most MaxSBOM bytes
}

// MaxSBOM bounds a bill of materials, in bytes.
const MaxSBOM = 32 << 20

// SBOMFormat is how a bill of materials is written.
type SBOMFormat string

// The formats that are read.
const (
	SPDX      SBOMFormat = "spdx-json"
	CycloneDX SBOMFormat = "cyclonedx-json"
)

// Digest names the content of a bill of materials, for keys and messages; that of nil is empty.
func (s *SBOM) Digest() string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256(s.Data))
}

// Reading tells where the list of packages behind a report comes from.
type Reading string

// The ways to read packages.
const (
	FromLayers Reading = "layers" // the image's own files
	FromSBOM   Reading = "sbom"   // a bill of materials that came with the image
	FromStored Reading = "stored" // what an earlier scan listed of the layers
)

// Access is how a registry is reached for one image. It holds credentials: it is passed by value, never logged.
type Access struct {
	Repository string `json:"repository"`         // where to ask: the repository itself, or its place in a mirror
	Insecure   bool   `json:"insecure,omitempty"` // plain HTTP
	Private    bool   `json:"private,omitempty"`  // the operator named this registry: it may be on a private address
	Username   string `json:"username,omitempty"`
	Password   string `json:"password,omitempty"`
	Token      string `json:"token,omitempty"` // a registry (bearer) or identity token, instead of name and password
}

// Report is what a scanner found in one platform of one image.
type Report struct {
	Image           string          `json:"image"`
	Digest          string          `json:"digest"`
	Platform        string          `json:"platform"`
	PackagesFrom    Reading         `json:"packages_from,omitempty"` // empty when the scanner does not say
	OS              OS              `json:"os"`
	Packages        []Package       `json:"packages"`            // ordered by type, name, version
	Vulnerabilities []Vulnerability `json:"vulnerabilities"`     // worst first, see Sort
	SetAside        []SetAside      `json:"set_aside,omitempty"` // by the policy, of what the scanner found; not among the others
	Scanner         Tool            `json:"scanner"`
	DatabaseBuilt   time.Time       `json:"database_built"` // UTC
}

// OS is the image's operating system, from its os-release; zero for an image without one.
type OS struct {
	ID      string `json:"id"`      // debian
	Version string `json:"version"` // 12
	Name    string `json:"name"`    // Debian GNU/Linux 12 (bookworm)
}

// Tool is a scanner and its version.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Package is one installed package.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Type    string `json:"type"`             // deb, apk, rpm, npm, …
	Source  string `json:"source,omitempty"` // the source package, where it has another name
}

// Vulnerability is one advisory that matches one installed package.
type Vulnerability struct {
	ID             string   `json:"id"` // the CVE where there is one
	Aliases        []string `json:"aliases,omitempty"`
	Severity       Severity `json:"severity"` // the vendor's first
	Package        string   `json:"package"`
	Type           string   `json:"type,omitempty"` // of the package
	Installed      string   `json:"installed"`
	FixedIn        string   `json:"fixed_in"` // empty while there is no fix
	URL            string   `json:"url,omitempty"`
	CVSS           float64  `json:"cvss,omitempty"` // base score, 0–10
	EPSS           float64  `json:"epss,omitempty"` // probability, 0–1
	KnownExploited bool     `json:"known_exploited,omitempty"`
}
