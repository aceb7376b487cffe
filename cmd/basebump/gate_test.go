package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/scan"
)

var gateNow = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// inUse is an image in use on two platforms with the same vulnerabilities.
func inUse(name string, found ...scan.Vulnerability) bot.InUse {
	image := bot.InUse{
		Named: bot.Named{Image: "docker.io/library/" + name, Tag: "1", Digest: "sha256:1cdb810300000000"},
		Files: []bot.Place{{File: "Dockerfile", Line: 1}, {File: "deploy/pod.yaml", Line: 6}},
	}
	image.Surveys = []bot.Survey{surveyOf("grype", found...)}
	return image
}

// surveyOf is what a scanner finds on two platforms.
func surveyOf(name string, found ...scan.Vulnerability) bot.Survey {
	survey := bot.Survey{Scanner: name}
	for _, platform := range []string{"linux/amd64", "linux/arm64"} {
		survey.Reports = append(survey.Reports, scan.Report{
			Platform: platform, Vulnerabilities: found,
			Scanner: scan.Tool{Name: name, Version: "0.120.0"}, DatabaseBuilt: gateNow.Add(-7 * time.Hour),
		})
	}
	return survey
}

func found(id string, severity scan.Severity) scan.Vulnerability {
	return scan.Vulnerability{ID: id, Severity: severity, Package: "libssl3", Type: "deb", Installed: "3.0", FixedIn: "3.1"}
}

func broken(name string) bot.InUse {
	image := inUse(name)
	image.Surveys = nil
	image.Err = &fault.Error{Op: "scan", Target: name, Class: fault.Auth, Err: errors.New("401"), Hint: "add credentials"}
	return image
}

func kept(name string) bot.InUse {
	image := inUse(name)
	image.Surveys, image.Digest, image.Left = nil, "", "by hand"
	return image
}

func passGate(failOn scan.Severity, images ...bot.InUse) gated {
	result := gated{FailOn: failOn, Images: []gatedImage{}, Skipped: []dockerfile.Skipped{}}
	policy := bot.Policy{Policy: scan.Policy{Ignored: func(_, id string, at time.Time) (string, bool) {
		return "ignored: not reachable", id == "CVE-0" && at.Equal(gateNow)
	}}}
	result.add(bot.Inventory{Images: images, Policy: policy}, gateNow)
	result.settle()
	return result
}

func TestGateAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		failOn scan.Severity
		images []bot.InUse
		code   int
	}{
		{"nothing is in use", scan.High, nil, 0},
		{"clean", scan.High, []bot.InUse{inUse("a")}, 0},
		{"at the threshold", scan.High, []bot.InUse{inUse("a", found("CVE-1", scan.High))}, exitNo},
		{"above it", scan.High, []bot.InUse{inUse("a", found("CVE-1", scan.Critical))}, exitNo},
		{"below it", scan.High, []bot.InUse{inUse("a", found("CVE-1", scan.Medium))}, 0},
		{"unknown counts when asked for", scan.Unknown, []bot.InUse{inUse("a", found("CVE-1", scan.Unknown))}, exitNo},
		{"ignored", scan.High, []bot.InUse{inUse("a", found("CVE-0", scan.Critical))}, 0},
		{"ignored beside one that is not", scan.High, []bot.InUse{inUse("a", found("CVE-0", scan.Critical), found("CVE-1", scan.High))}, exitNo},
		{"not scanned", scan.High, []bot.InUse{inUse("a"), broken("b")}, exitFailed},
		{"not scanned beside one that fails", scan.High, []bot.InUse{broken("b"), inUse("a", found("CVE-1", scan.High))}, exitNo},
		{"left alone", scan.High, []bot.InUse{kept("a")}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code := 0
			if err := passGate(tc.failOn, tc.images...).exit(); err != nil {
				told, _ := errors.AsType[*exit](err)
				code = told.code
			}
			if code != tc.code {
				t.Errorf("exit %d, want %d", code, tc.code)
			}
		})
	}
}

var down = bot.Survey{Scanner: "clair", Err: &fault.Error{Op: "scan", Target: "a", Class: fault.Retry, Err: errors.New("503")}}

// beside has another scanner look at a clean image, whose word does not count.
func beside(other bot.Survey) gated {
	image := inUse("a")
	image.Surveys = append(image.Surveys, other)
	result := gated{FailOn: scan.High}
	result.add(bot.Inventory{Images: []bot.InUse{image}, Policy: bot.Policy{Agreement: scan.First}}, gateNow)
	result.settle()
	return result
}

// mixed has an image of every kind.
func mixed() gated {
	result := passGate(scan.High,
		inUse("clean"), kept("byhand"), broken("secret\x1b[31m"), inUse("bad", found("CVE-2", scan.High), found("CVE-3", scan.Low)),
		inUse("worst", found("CVE-1", scan.Critical), found("CVE-0", scan.High)),
	)
	result.Skipped = []dockerfile.Skipped{{File: "Dockerfile", Line: 9, Reason: "unset"}}
	return result
}

func TestGateTable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		result gated
		want   string
	}{
		{"of every kind", mixed(), `
  ✗ worst:1@1cdb8103   fails: 1 vulnerability (1 critical), 1 ignored   Dockerfile:1, deploy/pod.yaml:6
      CVE-1   critical   libssl3   3.0   fixed in 3.1
  ✗ bad:1@1cdb8103   fails: 1 vulnerability (1 high), 1 below   Dockerfile:1, deploy/pod.yaml:6
      CVE-2   high   libssl3   3.0   fixed in 3.1
  ! secret�[31m:1@1cdb8103   not scanned: scan secret�[31m: 401; add credentials   Dockerfile:1, deploy/pod.yaml:6
  ✓ clean:1@1cdb8103   passes: nothing at or above high   Dockerfile:1, deploy/pod.yaml:6
  · byhand:1   by hand   Dockerfile:1, deploy/pod.yaml:6

  Failed: 2 of 5 images with vulnerabilities at or above high. 1 of 5 images could not be scanned. 1 line skipped; ` + "`basebump extract`" + ` says why.
  Scanned with grype 0.120.0, database of 2026-11-23 05:00 UTC.
`},
		{"not known", passGate(scan.Critical, broken("b"), inUse("a")), `
  ! b:1@1cdb8103   not scanned: scan b: 401; add credentials   Dockerfile:1, deploy/pod.yaml:6
  ✓ a:1@1cdb8103   passes: nothing at or above critical   Dockerfile:1, deploy/pod.yaml:6

  Not known: 1 of 2 images could not be scanned; nothing at or above critical in the others.
  Scanned with grype 0.120.0, database of 2026-11-23 05:00 UTC.
`},
		{"nobody knows", passGate(scan.High, broken("b")), `
  ! b:1@1cdb8103   not scanned: scan b: 401; add credentials   Dockerfile:1, deploy/pod.yaml:6

  Not known: 1 of 1 image could not be scanned.
`},
		{"a scanner whose word is not needed could not look", beside(down), `
  ✓ a:1@1cdb8103   passes: nothing at or above high, not scanned by clair (scan a: 503)   Dockerfile:1, deploy/pod.yaml:6

  Passed: nothing at or above high in 1 image.
  Scanned with grype 0.120.0, database of 2026-11-23 05:00 UTC.
`},
		{"nothing", passGate(scan.High), `
  Nothing here names an image.

  Passed: nothing at or above high in 0 images.
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			tc.result.table(&out)
			if d := cmp.Diff(strings.TrimPrefix(tc.want, "\n"), out.String()); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestGateMarkdown(t *testing.T) {
	t.Parallel()
	result := mixed()
	vexed := inUse("vexed")
	vexed.Surveys[0].Reports[0].SetAside = []scan.SetAside{{Vulnerability: found("CVE-9", scan.Critical), Why: "set aside by VEX: fixed"}}
	more := passGate(scan.High, vexed)
	result.Images = append(result.Images, more.Images...)
	want := "Failed: 2 of 6 images with vulnerabilities at or above high. 1 of 6 images could not be scanned.\n" + `
| | image | answer | where |
|---|---|---|---|
| ✗ | ~worst:1~ | fails: 1 vulnerability (1 critical), 1 ignored | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |
| ✗ | ~bad:1~ | fails: 1 vulnerability (1 high), 1 below | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |
| ! | ~secret�[31m:1~ | not scanned: scan secret�\[31m: 401; add credentials | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |
| ✓ | ~clean:1~ | passes: nothing at or above high | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |
| · | ~byhand:1~ | by hand | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |
| ✓ | ~vexed:1~ | passes: nothing at or above high, 1 ignored | ~Dockerfile:1~ and ~deploy/pod.yaml:6~ |

~worst:1~

| failing | severity | package | version | fixed in |
|---|---|---|---|---|
| CVE-1 | critical | libssl3 | 3.0 | 3.1 |

~bad:1~

| failing | severity | package | version | fixed in |
|---|---|---|---|---|
| CVE-2 | high | libssl3 | 3.0 | 3.1 |

Scanned with Grype 0.120.0, database of 2026-11-23 05:00 UTC.
`
	if d := cmp.Diff(strings.ReplaceAll(want, "~", "`"), result.markdown()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if got := more.sarif().Results[0].Ignored; got != "set aside by VEX: fixed" {
		t.Errorf("SARIF says %q", got)
	}
}

func TestGateJSONHasNoNull(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(mixed())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("null")) {
		t.Errorf("a list is null: %s", data)
	}
	for _, want := range []string{
		`{"answer":"failed","fail_on":"high","images":[{"answer":"failed","image":"docker.io/library/worst","tag":"1","digest":"sha256:1cdb810300000000",`,
		`"platforms":["linux/amd64","linux/arm64"]`,
		`{"answer":"unscanned","reason":"scan secret`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
}

func TestGateSARIF(t *testing.T) {
	t.Parallel()
	log := mixed().sarif()
	got := map[string]int{}
	for _, r := range log.Results {
		got[strings.Join([]string{r.Image, r.File, r.Vulnerability.ID, r.Ignored}, " ")]++
	}
	want := map[string]int{} // one for each platform
	for _, file := range []string{"Dockerfile", "deploy/pod.yaml"} {
		want["worst:1 "+file+" CVE-1 "] = 2
		want["worst:1 "+file+" CVE-0 ignored: not reachable"] = 2
		want["bad:1 "+file+" CVE-2 "] = 2
		want["bad:1 "+file+" CVE-3 "] = 2
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if len(log.Failures) != 1 || len(log.Scanners) != 1 || log.Scanners[0].Name != "grype" {
		t.Errorf("failures %q by %v", log.Failures, log.Scanners)
	}
}

// TestGateAgrees holds the answer about one image that several scanners have looked at to the rule for them.
func TestGateAgrees(t *testing.T) {
	t.Parallel()
	clean, bad, worse := surveyOf("grype"), surveyOf("trivy", found("CVE-1", scan.High)), surveyOf("trivy", found("CVE-1", scan.Critical))
	for _, tc := range []struct {
		name            string
		surveys         []bot.Survey
		all, first, any string
	}{
		{"both pass", []bot.Survey{clean, clean}, "passed", "passed", "passed"},
		{"the second fails it", []bot.Survey{clean, bad}, "failed CVE-1 high", "passed", "passed"},
		{"the first fails it", []bot.Survey{bad, clean}, "failed CVE-1 high", "failed CVE-1 high", "passed"},
		{"the worst word for it counts", []bot.Survey{bad, worse}, "failed CVE-1 critical", "failed CVE-1 high", "failed CVE-1 high"},
		{"one could not look", []bot.Survey{clean, down}, "unscanned clair: scan a: 503", "passed", "passed"},
		{"the first could not look", []bot.Survey{down, clean}, "unscanned clair: scan a: 503", "unscanned clair: scan a: 503", "passed"},
		{"one fails it, one could not look", []bot.Survey{bad, down}, "failed CVE-1 high", "failed CVE-1 high", "unscanned clair: scan a: 503"},
	} {
		for rule, want := range map[scan.Agreement]string{scan.All: tc.all, scan.First: tc.first, scan.Any: tc.any} {
			image := inUse("a")
			image.Surveys = tc.surveys
			result := gated{FailOn: scan.High}
			result.add(bot.Inventory{Images: []bot.InUse{image}, Policy: bot.Policy{Agreement: rule}}, gateNow)
			judged := result.Images[0]
			words := strings.Fields(string(judged.Answer) + " " + judged.Reason)
			for _, v := range judged.Failing {
				words = append(words, v.ID, v.Severity.String())
			}
			got := strings.Join(words, " ")
			if got != want {
				t.Errorf("%s, %s: %q, want %q", tc.name, rule, got, want)
			}
			if n := len(judged.Scanners); n != len(tc.surveys) {
				t.Errorf("%s, %s: %d scanners are named", tc.name, rule, n)
			}
		}
	}
}

func TestGateTargets(t *testing.T) {
	t.Parallel()
	targets, err := gateTargets([]string{"testdata", "debian", "debian:12@sha256:" + strings.Repeat("a", 64)})
	if err != nil {
		t.Fatal(err)
	}
	want := []gateTarget{
		{folder: "testdata"},
		{image: dockerfile.Reference{Image: "docker.io/library/debian", Tag: "latest"}},
		{image: dockerfile.Reference{Image: "docker.io/library/debian", Digest: "sha256:" + strings.Repeat("a", 64)}},
	}
	if d := cmp.Diff(want, targets, cmp.AllowUnexported(gateTarget{})); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for _, arg := range []string{"./nowhere", "a b", "Debian"} {
		if _, err := gateTargets([]string{arg}); err == nil {
			t.Errorf("%q is a target", arg)
		}
	}
}
