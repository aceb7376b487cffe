package vex_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/vex"
)

const (
	index    = "sha256:1cdb810300000000000000000000000000000000000000000000000000000000"
	manifest = "sha256:f747294e00000000000000000000000000000000000000000000000000000000"
	other    = "sha256:5c1f9c2e00000000000000000000000000000000000000000000000000000000"
)

// document is one with the given statements.
func document(statements ...string) string {
	return `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://acme.example/vex/1","author":"Acme","timestamp":"2026-11-01T00:00:00Z",` +
		`"version":1,"statements":[` + strings.Join(statements, ",") + `]}`
}

// statement is about CVE-2026-1 in one product.
func statement(product, rest string) string {
	return fmt.Sprintf(`{"vulnerability":{"name":"CVE-2026-1"},"products":[%s],%s}`, product, rest)
}

const cleared = `"status":"not_affected","justification":"vulnerable_code_not_in_execute_path"`

func parse(t *testing.T, text string) vex.Document {
	t.Helper()
	d, err := vex.Parse("acme.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func debian() (vex.Subject, scan.Report) {
	subject := vex.Subject{Image: "docker.io/library/debian", Tag: "12", Digests: []string{index, manifest}}
	return subject, scan.Report{
		Platform: "linux/amd64", OS: scan.OS{ID: "debian", Version: "12"},
		Packages: []scan.Package{{Name: "libssl3", Version: "3.0.20-1", Type: "deb", Source: "openssl"}},
		Vulnerabilities: []scan.Vulnerability{
			{ID: "CVE-2026-1", Aliases: []string{"DSA-1"}, Severity: scan.High, Package: "libssl3", Type: "deb", Installed: "3.0.20-1"},
		},
	}
}

// why is why the documents set the one vulnerability aside; empty when they do not.
func why(t *testing.T, documents ...vex.Document) string {
	t.Helper()
	applied := vex.Documents(documents).Apply(debian())
	switch {
	case len(applied.Vulnerabilities) == 1 && len(applied.SetAside) == 0:
		return ""
	case len(applied.Vulnerabilities) == 0 && len(applied.SetAside) == 1:
		return applied.SetAside[0].Why
	}
	t.Fatalf("%d count, %d are set aside", len(applied.Vulnerabilities), len(applied.SetAside))
	return ""
}

func TestProducts(t *testing.T) {
	t.Parallel()
	escaped := strings.ReplaceAll(index, ":", "%3A")
	for product, want := range map[string]bool{
		`{"@id":"pkg:oci/debian"}`:                                                                     true,
		`{"@id":"pkg:oci/debian@` + escaped + `"}`:                                                     true,
		`{"@id":"pkg:oci/debian@` + manifest + `"}`:                                                    true,
		`{"@id":"pkg:oci/debian@` + other + `"}`:                                                       false,
		`{"@id":"pkg:oci/debian?repository_url=index.docker.io/library/debian"}`:                       true,
		`{"@id":"pkg:oci/debian?repository_url=docker.io/library"}`:                                    true,
		`{"@id":"pkg:oci/debian?repository_url=ghcr.io/acme/debian"}`:                                  false,
		`{"@id":"pkg:oci/debian@` + escaped + `?repository_url=docker.io/library&arch=amd64&tag=12"}`:  true,
		`{"@id":"pkg:oci/debian?tag=11"}`:                                                              false,
		`{"@id":"pkg:oci/debian?arch=arm64"}`:                                                          false,
		`{"@id":"pkg:oci/debian?os=linux"}`:                                                            true,
		`{"@id":"pkg:oci/debian?variant=slim"}`:                                                        false, // who knows
		`{"@id":"pkg:oci/nginx"}`:                                                                      false,
		`{"@id":"pkg:docker/debian@12"}`:                                                               true,
		`{"@id":"pkg:docker/library/debian"}`:                                                          true,
		`{"@id":"pkg:docker/acme/debian@12"}`:                                                          false,
		`{"@id":"pkg:docker/debian@13"}`:                                                               false,
		`{"@id":"pkg:docker/acme/debian?repository_url=ghcr.io"}`:                                      false,
		`{"@id":"pkg:deb/debian/libssl3"}`:                                                             false,
		`{"@id":"debian:12"}`:                                                                          true,
		`{"@id":"docker.io/library/debian"}`:                                                           true,
		`{"@id":"debian:11"}`:                                                                          false,
		`{"@id":"debian@` + index + `"}`:                                                               true,
		`{"@id":"debian@` + other + `"}`:                                                               false,
		`{"@id":"` + index + `"}`:                                                                      true,
		`{"@id":"https://acme.example/products/debian"}`:                                               false,
		`{"@id":"https://acme.example/p","identifiers":{"purl":"pkg:oci/debian"}}`:                     true,
		`{"@id":"https://acme.example/p","identifiers":{"cpe23":"cpe:2.3:o:debian:debian_linux:12"}}`:  false,
		`{"hashes":{"sha-256":"` + strings.TrimPrefix(index, "sha256:") + `"}}`:                        true,
		`{"@id":"pkg:oci/debian","hashes":{"sha-256":"` + strings.TrimPrefix(other, "sha256:") + `"}}`: false,
		`{"@id":"pkg:oci/debian","hashes":{"sha-256":"` + strings.TrimPrefix(index, "sha256:") + `"}}`: true,
		`{"@id":"pkg:oci/other"},{"@id":"pkg:oci/debian"}`:                                             true,
		`{}`: false,
	} {
		if got := why(t, parse(t, document(statement(product, cleared)))) != ""; got != want {
			t.Errorf("%s: %t", product, got)
		}
	}
}

func TestSubcomponents(t *testing.T) {
	t.Parallel()
	for subcomponent, want := range map[string]bool{
		`pkg:deb/debian/libssl3`:                           true,
		`pkg:deb/debian/libssl3@3.0.20-1`:                  true,
		`pkg:deb/debian/libssl3@3.0.20-2`:                  false,
		`pkg:deb/debian/libssl3@3.0.20-1?arch=amd64`:       true,
		`pkg:deb/debian/libssl3@3.0.20-1?arch=arm64`:       false,
		`pkg:deb/debian/libssl3?distro=debian-12`:          true,
		`pkg:deb/debian/libssl3?distro=debian-11`:          false,
		`pkg:deb/debian/libssl3?checksum=sha1:1`:           false,
		`pkg:deb/debian/libssl3?upstream=openssl&arch=all`: true,
		`pkg:deb/ubuntu/libssl3`:                           false,
		`pkg:deb/debian/openssl`:                           true, // the source that it is built from
		`pkg:deb/debian/openssl@3.0.20-1?arch=source`:      true,
		`pkg:deb/debian/libssl3?arch=source`:               false,
		`pkg:deb/debian/curl`:                              false,
		`pkg:apk/debian/libssl3`:                           false,
		`libssl3`:                                          false,
	} {
		product := `{"@id":"pkg:oci/debian","subcomponents":[{"@id":"pkg:deb/debian/zlib1g"},{"@id":"` + subcomponent + `"}]}`
		if got := why(t, parse(t, document(statement(product, cleared)))) != ""; got != want {
			t.Errorf("%s: %t", subcomponent, got)
		}
	}
}

func TestStatements(t *testing.T) {
	t.Parallel()
	const image = `{"@id":"pkg:oci/debian"}`
	affected := `"status":"affected","action_statement":"wait"`
	later := `,"timestamp":"2026-11-02T00:00:00Z"`
	for _, tc := range []struct {
		name      string
		documents []string
		want      string
	}{
		{"no document", nil, ""},
		{"not affected", []string{document(statement(image, cleared))}, "set aside by VEX: vulnerable code not in execute path"},
		{"not affected, in the author's words", []string{document(statement(image, `"status":"not_affected","impact_statement":"a test"`))}, "set aside by VEX: a test"},
		{"fixed", []string{document(statement(image, `"status":"fixed"`))}, "set aside by VEX: fixed"},
		{"affected", []string{document(statement(image, affected))}, ""},
		{"under investigation", []string{document(statement(image, `"status":"under_investigation"`))}, ""},
		{"the later word counts", []string{document(statement(image, affected), statement(image, cleared+later))}, "set aside by VEX: vulnerable code not in execute path"},
		{"in another document, too", []string{document(statement(image, cleared)), document(statement(image, affected+later))}, ""},
		{"at the same time, the one that sets nothing aside", []string{document(statement(image, affected), statement(image, cleared))}, ""},
		{"about another image, it does not", []string{document(statement(image, cleared), statement(`{"@id":"pkg:oci/nginx"}`, affected+later))}, "set aside by VEX: vulnerable code not in execute path"},
		{"another vulnerability", []string{strings.ReplaceAll(document(statement(image, cleared)), "CVE-2026-1", "CVE-2026-10")}, ""},
		{"by another of its names", []string{strings.ReplaceAll(document(statement(image, cleared)), "CVE-2026-1", "DSA-1")}, "set aside by VEX: vulnerable code not in execute path"},
		{
			"by an alias of the statement's",
			[]string{strings.ReplaceAll(document(statement(image, cleared)), `"name":"CVE-2026-1"`, `"name":"GHSA-1","aliases":["CVE-2026-1"]`)},
			"set aside by VEX: vulnerable code not in execute path",
		},
	} {
		var documents []vex.Document
		for _, text := range tc.documents {
			documents = append(documents, parse(t, text))
		}
		if got := why(t, documents...); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const image = `{"@id":"pkg:oci/debian"}`
	for text, want := range map[string]string{
		`<html>`: "error: invalid character '<' looking for beginning of value",
		`{}`:     `its @context is "", not "https://openvex.dev/ns/v0.2.0"`,
		strings.Replace(document(), "v0.2.0", "v0.0.1", 1):                          `its @context is "https://openvex.dev/ns/v0.0.1", not "https://openvex.dev/ns/v0.2.0"`,
		document(statement(image, `"status":"harmless"`)):                           `statement 1: invalid status value "harmless", must be one of [not_affected, affected, fixed, under_investigation]`,
		document(statement(image, `"status":"not_affected"`)):                       `statement 1: either justification or impact statement must be defined when using status "not_affected"`,
		document(statement(image, cleared), statement("", cleared)):                 "statement 2: it names no product",
		document(`{"vulnerability":{},"products":[` + image + `],` + cleared + `}`): "statement 1: it names no vulnerability",
	} {
		_, err := vex.Parse("acme.json", []byte(text))
		if want := "read VEX document acme.json: " + want; err == nil || err.Error() != want || fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestApplyLeavesTheReportAlone(t *testing.T) {
	t.Parallel()
	subject, report := debian()
	before, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	documents := vex.Documents{parse(t, document(statement(`{"@id":"pkg:oci/debian"}`, cleared)))}
	for range 2 {
		if applied := documents.Apply(subject, report); len(applied.SetAside) != 1 || applied.Vulnerabilities == nil {
			t.Errorf("got %+v", applied)
		}
	}
	after, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(before), string(after)); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(document(statement(`{"@id":"pkg:oci/debian","subcomponents":[{"@id":"pkg:deb/debian/libssl3@1?arch=amd64"}]}`, cleared))))
	f.Add([]byte(document(statement(`{"@id":"debian:12@`+index+`","hashes":{"sha-256":"x"}}`, `"status":"fixed"`))))
	f.Add([]byte(document("null")))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := vex.Parse("fuzz", data)
		if err != nil {
			return
		}
		if applied := (vex.Documents{d}).Apply(debian()); len(applied.Vulnerabilities)+len(applied.SetAside) != 1 {
			t.Errorf("%+v", applied)
		}
	})
}
