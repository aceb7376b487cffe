package scantest

import (
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// match is what all scanners must say of one vulnerability in one package.
type match struct{ CVE, Package, Installed, FixedIn, Severity string }

func sorted(list []match) []match {
	slices.SortFunc(list, func(a, b match) int { return strings.Compare(a.Package+" "+a.CVE, b.Package+" "+b.CVE) })
	return list
}

// expected are the matches that the advisories and the package database of a stage amount to.
func expected(t *testing.T, stage string) []match {
	t.Helper()
	root, err := debian12.Rootfs(stage)
	if err != nil {
		t.Fatal(err)
	}
	status, err := root.Open("var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	defer status.Close()
	found, err := expect.Matches(status, debian12.Advisories())
	if err != nil {
		t.Fatal(err)
	}
	list := []match{}
	for _, m := range found {
		list = append(list, match{m.CVE, m.Package, m.Installed, m.Fixed, strings.ToLower(m.Severity)})
	}
	return sorted(list)
}

func matches(report scan.Report) []match {
	list := []match{}
	for _, v := range report.Vulnerabilities {
		list = append(list, match{v.ID, v.Package, v.Installed, v.FixedIn, v.Severity.String()})
	}
	return sorted(list)
}

// installed are the packages of a stage: name, version and, where it has another name, source.
func installed(t *testing.T, stage string) []string {
	t.Helper()
	root, err := debian12.Rootfs(stage)
	if err != nil {
		t.Fatal(err)
	}
	status, err := root.Open("var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	defer status.Close()
	all, err := expect.Packages(status)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range all {
		source := p.Source
		if source == p.Name {
			source = ""
		}
		list = append(list, strings.Join([]string{"deb", p.Name, p.Version, source}, " "))
	}
	slices.Sort(list)
	return list
}

func packages(report scan.Report) []string {
	var list []string
	for _, p := range report.Packages {
		list = append(list, strings.Join([]string{p.Type, p.Name, p.Version, p.Source}, " "))
	}
	slices.Sort(list)
	return list
}
