package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

func TestTitle(t *testing.T) {
	t.Parallel()
	pinned := func(tag string) bot.Version { return bot.Version{Tag: tag, Digest: oldDigest} }
	to := func(tag string) bot.Version { return bot.Version{Tag: tag, Digest: newDigest} }
	dated := bot.Version{Tag: "12", Digest: newDigest, Created: &now}
	grave := []scan.Vulnerability{vulnerability("CVE-1", scan.High), vulnerability("CVE-2", scan.Low)}
	exploited := vulnerability("CVE-3", scan.Critical)
	exploited.KnownExploited = true
	update := bot.Bump{Image: debian, From: pinned("12"), To: dated, Fixed: grave}
	pin := bot.Bump{Image: "quay.io/acme/api", From: bot.Version{Tag: "1"}, To: to("1")}
	move := bot.Bump{Image: "docker.io/acme/web", From: pinned("1.0"), To: to("1.1")}

	for _, tc := range []struct {
		bumps []bot.Bump
		want  string
	}{
		{[]bot.Bump{update}, "fix(docker): update debian:12 to the 2026-11-23 build (2 vulnerabilities fixed, 1 high)"},
		{[]bot.Bump{pin}, "chore(docker): pin quay.io/acme/api:1 to f747294e"},
		{[]bot.Bump{move}, "chore(docker): update acme/web from 1.0 to 1.1"},
		{[]bot.Bump{{Image: debian, From: pinned("12"), To: to("12")}}, "chore(docker): update debian:12 to the build f747294e"},
		{
			[]bot.Bump{{Image: debian, From: pinned("12"), To: to("12"), Fixed: append(grave, exploited)}},
			"fix(docker): update debian:12 to the build f747294e (3 vulnerabilities fixed, 1 critical, 1 known exploited)",
		},
		{
			[]bot.Bump{{Image: debian, From: pinned("12"), To: to("12"), Fixed: grave[1:]}},
			"fix(docker): update debian:12 to the build f747294e (1 vulnerability fixed)",
		},
		{[]bot.Bump{pin, {Image: debian, From: bot.Version{Tag: "12"}, To: to("12")}}, "chore(docker): pin quay.io/acme/api:1 and debian:12"},
		{
			[]bot.Bump{{Image: debian, From: bot.Version{Tag: "12", Digest: "sha256:older"}, To: to("12")}, {Image: debian, From: pinned("12"), To: to("12")}},
			"chore(docker): update debian:12 to the build f747294e",
		},
		{[]bot.Bump{pin, update}, "fix(docker): update quay.io/acme/api:1 and debian:12 (2 vulnerabilities fixed, 1 high)"},
		{
			[]bot.Bump{move, update, pin, {Image: "docker.io/library/redis", From: pinned("7"), To: to("7")}},
			"fix(docker): update acme/web to 1.1, debian:12 and 2 more (2 vulnerabilities fixed, 1 high)",
		},
		{
			[]bot.Bump{{Image: "ghcr.io/@acme/api", From: pinned("1\nSigned-off-by: @acme"), To: to("2 closes #1")}},
			"chore(docker): update ghcr.io/@\u2060acme/api from 1 Signed-off-by: @\u2060acme to 2 closes #\u20601",
		},
	} {
		if got := bot.Title(tc.bumps); got != tc.want {
			t.Errorf("got  %q\nwant %q", got, tc.want)
		}
	}
}

func TestTitleKeepsItsEnd(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 300)
	got := bot.Title([]bot.Bump{{
		Image: "ghcr.io/" + long, From: bot.Version{Tag: "1", Digest: oldDigest}, To: bot.Version{Tag: "1", Digest: newDigest},
		Fixed: []scan.Vulnerability{vulnerability("CVE-1", scan.High)},
	}})
	if n := utf8.RuneCountInString(got); n != 200 || !strings.HasSuffix(got, "é… (1 vulnerability fixed, 1 high)") {
		t.Errorf("%d characters: %q", n, got)
	}
}

func vulnerability(id string, severity scan.Severity) scan.Vulnerability {
	return scan.Vulnerability{ID: id, Severity: severity, Package: "libssl3", Type: "deb", Installed: "1"}
}
