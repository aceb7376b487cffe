package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/vex"
)

// clears is a document that says that a vulnerability does not affect an image.
func clears(id, product string) string {
	return `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://acme.example/1","author":"Acme","timestamp":"2026-11-01T00:00:00Z","version":1,` +
		`"statements":[{"vulnerability":{"name":"` + id + `"},"products":[{"@id":"` + product + `"}],` +
		`"status":"not_affected","justification":"vulnerable_code_not_present"}]}`
}

// attached are the documents of each digest.
type attached map[string]string

func (a attached) VEX(_ context.Context, _, digest string) ([][]byte, error) {
	if text, ok := a[digest]; ok {
		return [][]byte{[]byte("{broken"), []byte(text)}, nil
	}
	return nil, nil
}

type unreachable struct{}

func (unreachable) VEX(context.Context, string, string) ([][]byte, error) {
	return nil, errors.New("503")
}

func TestPlanHeedsVEX(t *testing.T) {
	t.Parallel()
	const accepted = debian + ":12 1cdb>f747 Dockerfile"
	worse := []scan.Vulnerability{{ID: "CVE-2026-9", Severity: scan.High, Package: "zlib1g", Type: "deb"}}
	for _, tc := range []struct {
		name  string
		given func(*testing.T, *bot.Planner)
		want  string
		aside []string
	}{
		{"no document", nil, "= Dockerfile: held: the build f747294e: introduces CVE-2026-9 (high) in zlib1g", nil},
		{
			"the operator's",
			func(t *testing.T, p *bot.Planner) {
				document, err := vex.Parse("acme.json", []byte(clears("CVE-2026-9", "pkg:oci/debian")))
				if err != nil {
					t.Fatal(err)
				}
				p.Policy.VEX = vex.Documents{document}
			},
			accepted,
			[]string{"CVE-2026-9 set aside by VEX: vulnerable code not present"},
		},
		{
			"attached to the candidate",
			func(_ *testing.T, p *bot.Planner) { p.VEX = attached{newDigest: clears("CVE-2026-9", newDigest)} },
			accepted,
			[]string{"CVE-2026-9 set aside by VEX: vulnerable code not present"},
		},
		{
			"attached to another image",
			func(_ *testing.T, p *bot.Planner) {
				p.VEX = attached{oldDigest: clears("CVE-2026-9", "pkg:oci/debian")}
			},
			"= Dockerfile: held: the build f747294e: introduces CVE-2026-9 (high) in zlib1g", nil,
		},
		{
			"that cannot be asked for",
			func(_ *testing.T, p *bot.Planner) { p.VEX = unreachable{} },
			"! Dockerfile: the build f747294e not verified: look for VEX documents of " + debian + ":12: 503", nil,
		},
		{
			"of what would have been fixed, which is no reason to move then",
			func(_ *testing.T, p *bot.Planner) {
				p.VEX = attached{oldDigest: clears("CVE-2026-1", "debian:12"), newDigest: clears("CVE-2026-9", "debian:12")}
			},
			"= Dockerfile: held: the build f747294e: newer, but fixes no known vulnerability (policy.when is vulnerable)", nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, s := world()
			s.found[newDigest] = worse
			p := planner(r, s)
			if tc.given != nil {
				tc.given(t, p)
			}
			got := plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
			if d := cmp.Diff([]string{tc.want}, summary(got)); d != "" {
				t.Errorf("plan (-want +got):\n%s", d)
			}
			var aside []string
			for _, bump := range got.Bumps {
				for _, v := range bump.Proof.Diff.SetAside {
					aside = append(aside, v.ID+" "+v.Why)
				}
			}
			if d := cmp.Diff(tc.aside, aside); d != "" {
				t.Errorf("set aside (-want +got):\n%s", d)
			}
		})
	}
}

// TestPlanKeepsOffEndedReleases has the same tag move from a release that is kept to one that is over.
func TestPlanKeepsOffEndedReleases(t *testing.T) {
	t.Parallel()
	r, s := world()
	p := planner(r, s)
	p.Scanners[0].Scanner = ending{s}
	got := summary(plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}))
	want := "would move to what is no longer kept: Debian 11 reached its end of life on 2026-08-31"
	if len(got) != 1 || !strings.HasSuffix(got[0], want) {
		t.Errorf("got %q", got)
	}
}

// ending takes the newer image for one on Debian 11.
type ending struct{ scan.Scanner }

func (e ending) Scan(ctx context.Context, target scan.Target) (scan.Report, error) {
	report, err := e.Scanner.Scan(ctx, target)
	if target.Digest == newDigest {
		report.OS = scan.OS{ID: "debian", Version: "11"}
	}
	return report, err
}

func TestPlanBoundsGrowth(t *testing.T) {
	t.Parallel()
	r, s := world()
	r.images[newDigest] = resolver.Image{Created: now.AddDate(0, 0, -3), Platforms: []resolver.Platform{{Name: "linux/amd64"}}, Size: 2000}
	p := planner(r, s)
	p.Policy.MaxGrowth = scan.Growth{Percent: 20}
	got := summary(plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"}))
	if len(got) != 1 || !strings.HasSuffix(got[0], "(policy.max_growth is 20%)") {
		t.Errorf("got %q", got)
	}
}

func TestPlanTellsWhatIsIgnored(t *testing.T) {
	t.Parallel()
	r, s := world()
	remains := scan.Vulnerability{ID: "CVE-2026-2", Severity: scan.Low, Package: "tar", Type: "deb"}
	comes := scan.Vulnerability{ID: "CVE-2026-9", Severity: scan.Low, Package: "zlib1g", Type: "deb"}
	s.found[oldDigest] = append(s.found[oldDigest], remains)
	s.found[newDigest] = []scan.Vulnerability{remains, comes}
	for _, tc := range []struct {
		name               string
		ignored, worthless scan.Exempt
		want               map[string]string
	}{
		{"by nobody", nil, nil, map[string]string{}},
		{"by the operator", all("operator"), nil, map[string]string{"CVE-2026-1": "operator", "CVE-2026-2": "operator", "CVE-2026-9": "operator"}},
		{"by the repository", nil, all("repository"), map[string]string{"CVE-2026-1": "repository", "CVE-2026-2": "repository"}},
	} {
		p := planner(r, s)
		p.Policy.When, p.Policy.Ignored, p.Policy.Worthless = scan.Always, tc.ignored, tc.worthless
		got := plan(t, p, tree{"Dockerfile": "FROM debian:12@" + oldDigest + "\n"})
		if len(got.Bumps) != 1 {
			t.Fatalf("%s: %q", tc.name, summary(got))
		}
		if d := cmp.Diff(tc.want, got.Bumps[0].Ignored); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, d)
		}
	}
}

// all exempts every vulnerability, for a reason.
func all(why string) scan.Exempt {
	return func(string, string, time.Time) (string, bool) { return why, true }
}
