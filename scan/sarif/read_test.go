package sarif_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/sarif"
)

// log is a log of one run with a rule and a result.
func log(rule, result string) string {
	return fmt.Sprintf(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Scanner","version":"1.2","rules":[%s]}},"results":[%s]}]}`, rule, result)
}

func TestReadKnowsTheHabitsOfScanners(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, rule, result string
		want               []scan.Vulnerability
	}{
		{
			"Trivy",
			`{"id":"CVE-2024-0001","helpUri":"https://avd/cve-2024-0001","help":{"text":"Vulnerability CVE-2024-0001\nSeverity: LOW\nPackage: other\nFixed Version: 9"},
			  "defaultConfiguration":{"level":"error"},"properties":{"security-severity":"9.8","cvssv3_baseScore":9.8,"tags":["vulnerability","security","HIGH"]}}`,
			`{"ruleId":"CVE-2024-0001","ruleIndex":0,"level":"error","message":{"text":"Package: libssl3\nInstalled Version: 3.0.20-1~deb12u2\nVulnerability CVE-2024-0001\nSeverity: HIGH\nFixed Version: 3.0.22\nLink: [CVE-2024-0001](https://avd)"}}`,
			[]scan.Vulnerability{{
				ID: "CVE-2024-0001", Severity: scan.High, Package: "libssl3", Installed: "3.0.20-1~deb12u2", FixedIn: "3.0.22",
				URL: "https://avd/cve-2024-0001", CVSS: 9.8,
			}},
		},
		{
			"Grype",
			`{"id":"GHSA-aaaa-bbbb-cccc-openssl","shortDescription":{"text":"CVE-2024-0002 negligible vulnerability for openssl package"},"helpUri":"https://x",
			  "help":{"text":"Vulnerability GHSA\nSeverity: negligible\nPackage: openssl\nVersion: 3.0\nFix Version: \nType: deb"},
			  "properties":{"purls":["pkg:deb/debian/openssl@3.0?upstream=o"],"security-severity":"0.1"}}`,
			`{"ruleId":"GHSA-aaaa-bbbb-cccc-openssl","level":"note","message":{"text":"A negligible vulnerability in deb package: openssl, version 3.0 was found in image x"}}`,
			[]scan.Vulnerability{{
				ID: "CVE-2024-0002", Aliases: []string{"GHSA-aaaa-bbbb-cccc-openssl"}, Severity: scan.Negligible, Package: "openssl", Type: "deb", Installed: "3.0", URL: "https://x",
			}},
		},
		{
			"Docker Scout",
			`{"id":"CVE-2024-0003","helpUri":"https://scout","properties":{"affected_version":"<2","fixed_version":"2","purls":["pkg:npm/%40a/b@1"],"security-severity":"7.5","cvssV3":7.5,"cvssV3_severity":"HIGH"}}`,
			`{"ruleId":"CVE-2024-0003","message":{"text":"  Vulnerability   : CVE-2024-0003  \n  Severity        : CRITICAL\n  Package         : pkg:npm/%40a/b@1  \n  Affected range  : <2\n  Fixed version   : not fixed\n"}}`,
			[]scan.Vulnerability{{ID: "CVE-2024-0003", Severity: scan.Critical, Package: "@a/b", Type: "npm", Installed: "1", URL: "https://scout", CVSS: 7.5}},
		},
		{
			"Snyk",
			`{"id":"SNYK-DEBIAN12-OPENSSL-1","shortDescription":{"text":"High severity - CVE-2024-0004, CVE-2024-0005 vulnerability in openssl"},"properties":{"security-severity":"7.0","tags":["security","CWE-1"]}}`,
			`{"ruleId":"SNYK-DEBIAN12-OPENSSL-1","level":"error","message":{"text":"This file introduces a vulnerable openssl package."},"locations":[{"logicalLocations":[{"fullyQualifiedName":"openssl/libssl3@3.0.20-1~deb12u2"}]}]}`,
			[]scan.Vulnerability{
				{ID: "CVE-2024-0004", Aliases: []string{"SNYK-DEBIAN12-OPENSSL-1"}, Severity: scan.High, Package: "libssl3", Installed: "3.0.20-1~deb12u2"},
				{ID: "CVE-2024-0005", Aliases: []string{"SNYK-DEBIAN12-OPENSSL-1"}, Severity: scan.High, Package: "libssl3", Installed: "3.0.20-1~deb12u2"},
			},
		},
		{
			"one that says little", "",
			`{"rule":{"id":"X-1"},"level":"warning","message":{"text":"it is bad"}}`,
			[]scan.Vulnerability{{ID: "X-1", Severity: scan.Medium}},
		},
		{
			"several packages under one rule",
			`{"id":"CVE-2024-0006","properties":{"purls":["pkg:deb/debian/a@1","pkg:deb/debian/b@2","nonsense"]}}`, `{"ruleId":"CVE-2024-0006"}`,
			[]scan.Vulnerability{
				{ID: "CVE-2024-0006", Package: "a", Type: "deb", Installed: "1"}, {ID: "CVE-2024-0006", Package: "b", Type: "deb", Installed: "2"},
			},
		},
		{"one that passed", "", `{"ruleId":"CVE-2024-0007","kind":"pass"}`, nil},
		{"one that was suppressed", "", `{"ruleId":"CVE-2024-0007","suppressions":[{"kind":"external"}]}`, nil},
		{"one of which suppression is asked for", "", `{"ruleId":"X","suppressions":[{"kind":"external","status":"underReview"}]}`, []scan.Vulnerability{{ID: "X"}}},
		{"one that is gone", "", `{"ruleId":"CVE-2024-0007","baselineState":"absent"}`, nil},
		{"scores that are none", `{"id":"X","properties":{"security-severity":"11","cvssV3":-1}}`, `{"ruleId":"X"}`, []scan.Vulnerability{{ID: "X"}}},
		{"a score alone", `{"id":"X","properties":{"security-severity":4}}`, `{"ruleId":"X","level":"error"}`, []scan.Vulnerability{{ID: "X", Severity: scan.Medium}}},
		{"nothing", "", "", nil},
	} {
		found, err := sarif.Read([]byte(log(tc.rule, tc.result)))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		want := scan.Report{Scanner: scan.Tool{Name: "scanner", Version: "1.2"}, Vulnerabilities: tc.want}
		if d := cmp.Diff(want, found); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	const (
		run      = `{"tool":{"driver":{"name":"x"}}`
		silent   = "the scanner's SARIF has no results, not even an empty list of them: it did not look for any"
		failedBy = "the scanner says that it failed: "
	)
	for text, want := range map[string]string{
		`<html>`:                                    "decode SARIF: invalid character '<' looking for beginning of value",
		`{"version":"2.0.0"}`:                       `decode SARIF: it is of version "2.0.0", not 2.1.0`,
		`{"version":"2.1.0","runs":[]}`:             silent,
		`{"version":"2.1.0","runs":[` + run + `}]}`: silent,
		`{"version":"2.1.0","runs":[` + run + `,"results":null}]}`:                                             silent,
		`{"version":"2.1.0","runs":[null]}`:                                                                    "decode SARIF: a run does not say which tool it is of",
		`{"version":"2.1.0","runs":[{"results":[]}]}`:                                                          "decode SARIF: a run does not say which tool it is of",
		`{"version":"2.1.0","runs":[` + run + `,"results":[],"invocations":[{"executionSuccessful":false}]}]}`: failedBy + "it does not say why",
		`{"version":"2.1.0","runs":[` + run + `,"results":[],"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error","message":{"text":"no database"}}]}]}]}`: failedBy + "no database",
	} {
		_, err := sarif.Read([]byte(text))
		if err == nil || err.Error() != want || fault.ClassOf(err) != fault.Permanent {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(log(`{"id":"A","help":{"text":"Package: x"}}`, `{"ruleId":"A","locations":[null,{}]}`)))
	f.Add([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"rules":[null]},"extensions":[null]},"results":[null],"invocations":[null]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		found, err := sarif.Read(data)
		if err != nil {
			return
		}
		for _, v := range found.Vulnerabilities {
			if v.CVSS < 0 || v.CVSS > 10 || v.Severity < scan.Unknown || v.Severity > scan.Critical {
				t.Errorf("%+v", v)
			}
		}
	})
}
