package bot_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/resolver/tag"
	"github.com/basebump/basebump/scan"
)

// TestPlanTellsWhatItRejected has the newest tag introduce something and a major step held back: the next candidate is taken, and the
// plan's JSON has both, each with its reason.
func TestPlanTellsWhatItRejected(t *testing.T) {
	t.Parallel()
	const worse = "sha256:bad0000000000000000000000000000000000000000000000000000000000000"
	r, s := world()
	p := planner(r, s)
	p.Policy.Update = tag.Minor
	r.listed = []string{"12.1", "12.10", "13.0"}
	r.tags = map[string]string{debian + ":12.1": newDigest, debian + ":12.10": worse}
	s.found[worse] = []scan.Vulnerability{{ID: "CVE-2026-9", Severity: scan.High, Package: "zlib1g", Type: "deb"}}
	got := plan(t, p, tree{"Dockerfile": "FROM debian:12.1@" + oldDigest + "\n"})
	if len(got.Bumps) != 1 {
		t.Fatalf("plan: %q", summary(got))
	}
	data, err := json.MarshalIndent(map[string]any{
		"to": got.Bumps[0].To.Tag, "digest": got.Bumps[0].To.Digest, "rejected": got.Bumps[0].Rejected, "scanners": got.Bumps[0].Scanners,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "digest": "` + newDigest + `",
  "rejected": [
    {
      "tag": "12.10",
      "digest": "` + worse + `",
      "reasons": [
        "introduces CVE-2026-9 (high) in zlib1g"
      ]
    },
    {
      "tag": "13.0",
      "digest": "",
      "reasons": [
        "a major step"
      ]
    }
  ],
  "scanners": [
    {
      "scanner": "grype",
      "used": [
        {
          "name": "grype",
          "version": "0.120.0",
          "database_built": "2026-11-23T05:00:00Z"
        }
      ],
      "accepted": true,
      "reasons": [
        "introduces nothing known",
        "fixes 1 (1 critical)"
      ],
      "fixed": 1,
      "introduced": 0,
      "remaining": 0
    }
  ],
  "to": "12.1"
}`
	if d := cmp.Diff(want, string(data)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
