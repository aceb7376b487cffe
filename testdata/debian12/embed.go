// Package debian12 holds what the demo and the tests need of three real
// Debian 12 images: the package databases, and the advisories drawn from the
// changelogs of those packages. The README beside it says where they are from.
package debian12

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

//go:embed old new newer
var stages embed.FS

//go:embed advisories
var advisories embed.FS

// A Stage is the image debian:12 at one time.
type Stage struct {
	Name  string
	Built time.Time
}

// Stages returns the stages, oldest first.
func Stages() []Stage {
	return []Stage{
		{"old", time.Date(2026, time.July, 11, 0, 0, 0, 0, time.UTC)},      // release 12.15, no updates
		{"new", time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)},   // updates and security, apt 2.6.2 to come
		{"newer", time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC)}, // all of them
	}
}

// Rootfs returns the root file system of a stage: the os-release file,
// etc/debian_version and the dpkg status file, at their paths in the image.
func Rootfs(stage string) (fs.FS, error) {
	if !slices.ContainsFunc(Stages(), func(s Stage) bool { return s.Name == stage }) {
		return nil, fmt.Errorf("open root file system: no stage %q of Debian 12", stage)
	}
	return fs.Sub(stages, stage)
}

// Advisories returns the folder that holds the provider folder "debian", in the
// layout that Grype's database builder reads.
func Advisories() fs.FS {
	sub, err := fs.Sub(advisories, "advisories")
	if err != nil {
		panic(err) // the name is valid
	}
	return sub
}
