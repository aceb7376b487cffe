package worker_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

func names(r scan.Report, kinds ...string) []string {
	var found []string
	for _, p := range r.Packages {
		if slices.Contains(kinds, p.Type) {
			found = append(found, p.Type+" "+p.Name+" "+p.Version)
		}
	}
	return found
}

func jar(t *testing.T, group, artifact, version string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range map[string]string{
		"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\n",
		"META-INF/maven/" + group + "/" + artifact + "/pom.properties": "groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n",
	} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func goProgram(t *testing.T) string {
	t.Helper()
	at, err := exec.LookPath("gofmt")
	if err != nil {
		t.Skipf("no small Go program at hand: %v", err)
	}
	data, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestLanguages(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	scanner, registry := open(t), host(t, nil)
	lower := layerOf(t,
		member{name: "app/node_modules/left-pad/package.json", content: `{"name":"left-pad","version":"1.3.0"}`},
		member{name: "app/node_modules/gone/package.json", content: `{"name":"gone","version":"1.0.0"}`},
		member{name: "app/lib/core.jar", content: jar(t, "org.example", "core", "2.14.1")},
		member{name: "app/lib/gone.jar", content: jar(t, "org.example", "gone", "1.0")},
		member{name: "usr/local/lib/python3.11/site-packages/six-1.16.0.dist-info/METADATA", content: "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n"},
		member{name: "usr/local/bin/gofmt", content: goProgram(t)},
		member{name: "usr/local/bin/replaced", content: goProgram(t)},
	)
	upper := layerOf(t,
		member{name: "app/node_modules/.wh.gone"}, member{name: "app/lib/.wh.gone.jar"}, member{name: "usr/local/bin/replaced", content: "#!/bin/sh"},
	)
	report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, rootfs(t, "old")...), lower, upper)))
	if err != nil {
		t.Fatal(err)
	}
	got := names(report, "go-module", "java-archive", "npm", "python")
	for _, want := range []string{"go-module stdlib go1.", "java-archive core 2.14.1", "npm left-pad 1.3.0", "python six 1.16.0"} {
		if !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, want) }) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "gone") }) {
		t.Errorf("a removed file was catalogued: %q", got)
	}
	isEmpty(t, os.TempDir())
}

// A cataloguer's own package is left out where the distribution's package manager installed it under the same version.
func TestOwnedByTheDistribution(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	files := rootfs(t, "old")
	for i, f := range files {
		if f.name == "var/lib/dpkg/status" {
			files[i].content += "\nPackage: python3-six\nStatus: install ok installed\nVersion: 1.16.0-4\nSource: six\nArchitecture: all\nMaintainer: x\nDescription: x\n"
		}
	}
	const metadata = "usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA"
	files = append(files,
		member{name: "var/lib/dpkg/info/python3-six.md5sums", content: strings.Repeat("0", 32) + "  " + metadata + "\n"},
		member{name: metadata, content: "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n"},
		member{name: "opt/venv/lib/python3.11/site-packages/attrs-23.1.0.dist-info/METADATA", content: "Metadata-Version: 2.1\nName: attrs\nVersion: 23.1.0\n"},
	)
	report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, files...))))
	if err != nil {
		t.Fatal(err)
	}
	if got := names(report, "python"); !slices.Equal(got, []string{"python attrs 23.1.0"}) {
		t.Errorf("got %q", got)
	}
}

func TestUpperLayersCount(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	target := push(t, registry, image(t, layerOf(t, rootfs(t, "old")...), layerOf(t, rootfs(t, "newer")...)))
	report, err := scanner.Scan(t.Context(), target)
	if err != nil || len(report.Packages) != 114 || len(report.Vulnerabilities) != 0 {
		t.Errorf("%d packages, %d vulnerabilities, %v", len(report.Packages), len(report.Vulnerabilities), err)
	}
}

// Some builders store every file by its hash, and its name as a hard link to that.
func TestPackageDatabaseBehindAHardLink(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	var files []member
	for _, f := range rootfs(t, "old") {
		object := "objects/" + strings.ReplaceAll(f.name, "/", "-")
		files = append(files, member{name: object, content: f.content}, member{name: f.name, kind: tar.TypeLink, link: object})
	}
	report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, files...))))
	if err != nil || len(report.Packages) != 114 {
		t.Errorf("%d packages, %v", len(report.Packages), err)
	}
}

// An image is never reported as clean because nothing could be known of it.
func TestUnknownIsNotClean(t *testing.T) {
	t.Parallel()
	scanner, registry := open(t), host(t, nil)
	debian := rootfs(t, "old")
	without := func(name string) []member {
		return slices.DeleteFunc(slices.Clone(debian), func(m member) bool { return m.name == name })
	}
	const apk = "C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\nT:the musl c library\nU:https://musl.libc.org/\nL:MIT\no:musl\n\n"
	for _, tc := range []struct {
		name  string
		files []member
		want  string
	}{
		{"a distribution without advisories", []member{
			{name: "etc/os-release", content: "ID=alpine\nVERSION_ID=3.20.0\nPRETTY_NAME=\"Alpine Linux v3.20\"\n"},
			{name: "lib/apk/db/installed", content: apk},
		}, "the database has no data for Alpine Linux v3.20"},
		{"a release without advisories", []member{
			{name: "etc/os-release", content: "ID=debian\nVERSION_ID=\"99\"\nPRETTY_NAME=\"Debian 99\"\n"},
			{name: "var/lib/dpkg/status", content: find(debian, "var/lib/dpkg/status")},
		}, "the database has no data for Debian 99"},
		{"a distribution that nobody knows", []member{
			{name: "etc/os-release", content: "ID=plan9\nVERSION_ID=4\n"},
			{name: "var/lib/dpkg/status", content: find(debian, "var/lib/dpkg/status")},
		}, "the database has no data for plan9 4"},
		{"no package database", without("var/lib/dpkg/status"), "the image is Debian GNU/Linux 12 (bookworm), but has no package database"},
		{"no release", without("usr/lib/os-release"), "the image does not say which distribution its packages are from"},
		{"an empty package database", append(without("var/lib/dpkg/status"), member{name: "var/lib/dpkg/status"}), "read the package database: "},
		{"a broken package database", []member{
			{name: "etc/os-release", content: "ID=rhel\nVERSION_ID=\"9.4\"\n"}, {name: "var/lib/rpm/rpmdb.sqlite", content: "not a database"},
		}, "read the package database: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, tc.files...))))
			if err == nil || !strings.HasPrefix(err.Error(), tc.want) || fault.ClassOf(err) != fault.Permanent {
				t.Errorf("got  %v, %d packages\nwant %s", err, len(report.Packages), tc.want)
			}
		})
	}
	if report, err := scanner.Scan(t.Context(), push(t, registry, image(t, layerOf(t, member{name: "app/gofmt", content: goProgram(t)})))); err != nil || report.OS != (scan.OS{}) {
		t.Errorf("an image that is one program: %+v, %v", report.OS, err)
	}
}

func find(files []member, name string) string {
	i := slices.IndexFunc(files, func(m member) bool { return m.name == name })
	return files[i].content
}
