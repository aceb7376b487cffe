package worker

import (
	"testing"

	"github.com/anchore/syft/syft/pkg"
)

// The questions of the cataloguers decide what is kept of an image: this holds them to the files that matter most.
func TestWanted(t *testing.T) {
	t.Parallel()
	var catalogers []pkg.Cataloger
	for _, c := range tasks() {
		catalogers = append(catalogers, c)
	}
	w := wantedBy(t.Context(), catalogers)
	for path, want := range map[string]bool{
		"/etc/os-release":                                              true,
		"/usr/lib/os-release":                                          true,
		"/var/lib/dpkg/status":                                         true,
		"/var/lib/dpkg/status.d/base":                                  true,
		"/var/lib/dpkg/status.d/base.md5sums":                          true,
		"/var/lib/dpkg/info/libc6:amd64.md5sums":                       true,
		"/var/lib/dpkg/info/base.conffiles":                            true,
		"/lib/apk/db/installed":                                        true,
		"/usr/lib/apk/db/installed":                                    true,
		"/var/lib/rpm/Packages":                                        true,
		"/var/lib/rpm/rpmdb.sqlite":                                    true,
		"/usr/lib/sysimage/rpm/rpmdb.sqlite":                           true,
		"/var/lib/pacman/local/bash-5/desc":                            true,
		"/app/node_modules/left-pad/package.json":                      true,
		"/usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA": true,
		"/usr/lib/python3/dist-packages/six-1.16.0.dist-info/RECORD":   true,
		"/usr/lib/python3/dist-packages/six-1.16.0.egg-info":           true,
		"/var/lib/gems/3.1.0/specifications/rake-13.gemspec":           true,
		"/app/vendor/composer/installed.json":                          true,
		"/app/app.deps.json":                                           true,
		"/usr/local/bin/node":                                          true,
		"/usr/local/bin/python3.11":                                    true,
		"/usr/share/doc/libc6/copyright":                               false,
		"/usr/share/zoneinfo/Europe/Berlin":                            false,
		"/var/lib/dpkg/info/base.list":                                 false,
		"/app/main.go":                                                 false,
		"/app/app.jar":                                                 false, // catalogued while it streams past, not kept
	} {
		if got := w.matches(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	w := newWanted([]string{"/etc/os-release", "**/*.jar", "**/lib/**/status.d/*", "**/{go,go.exe}", "**/*DIST-INFO/METADATA", "**/release"})
	for path, want := range map[string]bool{
		"/etc/os-release":           true,
		"/opt/etc/os-release":       false,
		"/a.jar":                    true,
		"/a/b.tar.jar":              true,
		"/a/b.jar.txt":              false,
		"/lib/x/y/status.d/z":       true,
		"/status.d/z":               false,
		"/usr/local/go/bin/go":      true,
		"/usr/local/go/bin/gofmt":   false,
		"/x/six.DIST-INFO/METADATA": true,
		"/release":                  true,
	} {
		if got := w.matches(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
