package bot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
)

const (
	nginx = "docker.io/library/nginx"
	redis = "docker.io/library/redis"
)

// bodyCases is what can become a pull request, one of each kind.
func bodyCases(t *testing.T) map[string][]bot.Bump {
	t.Helper()
	return map[string][]bot.Bump{
		"one-image":       {oneImage().bump(t)},
		"pin":             {pinOnly().bump(t)},
		"tag-move":        {tagMove().bump(t)},
		"several":         {oneImage().bump(t), tagMove().bump(t), pinOnly().bump(t)},
		"two-platforms":   {twoPlatforms().bump(t)},
		"known-exploited": {knownExploited().bump(t)},
		"nothing-fixed":   {nothingFixed().bump(t)},
		"introduced":      {introduced().bump(t)},
		"package-removed": {packageRemoved().bump(t)},
		"end-of-life":     {endOfLife().bump(t)},
		"unverified":      {unverified().bump(t)},
		"unpinned":        {unpinned().bump(t)},
		"set-aside":       {setAside().bump(t)},
		"two-scanners":    {twoScanners().bump(t)},
		"hundreds":        {withMany(130).bump(t)},
		"hostile":         {hostile().bump(t)},
	}
}

func oneImage() moved {
	before, after := openssl()
	return moved{
		image: debian, from: at("12", oldDigest, "2026-08-30"), to: at("12", newDigest, "2026-11-20"),
		files: tree{
			"Dockerfile": "ARG BASE=debian:12@" + oldDigest + "\nFROM ${BASE} AS build\nFROM ${BASE}\nCOPY --from=debian:12@" +
				oldDigest + " /etc/ssl /etc/ssl\n",
			"deploy/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - image: debian:12@" + oldDigest + "\n",
		},
		before: before, after: after,
	}
}

func pinOnly() moved {
	return moved{
		image: redis, from: at("7.2", ""), to: at("7.2", newDigest), pinned: true,
		files: tree{"compose.yaml": "services:\n  cache:\n    image: redis:7.2\n"},
	}
}

func tagMove() moved {
	source := func(revision string) map[string]string {
		return map[string]string{
			"org.opencontainers.image.source":   "https://github.com/nginxinc/docker-nginx.git#" + revision + ":stable/debian",
			"org.opencontainers.image.revision": revision,
		}
	}
	old, patched := deb("nginx", "1.27.0-2~bookworm"), deb("nginx", "1.27.3-1~bookworm")
	return moved{
		image: nginx, from: at("1.27.0", "", "2026-05-29"), to: at("1.27.3", newDigest, "2026-11-12"),
		files: tree{"compose.yaml": "services:\n  web:\n    image: nginx:1.27.0\n"},
		before: state{
			release: bookworm, size: 71_000_000, labels: source("9e7a5e3c0c7b3a1d2f4b5c6d7e8f9a0b1c2d3e4f"),
			packages: []scan.Package{old}, vulnerabilities: []scan.Vulnerability{flaw("CVE-2026-7347", scan.High, old, "1.27.1-1")},
		},
		after: state{
			release: bookworm, size: 72_100_000, labels: source("03a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d"),
			packages: []scan.Package{patched, deb("nginx-module-njs", "1.27.3+0.8.7-1~bookworm")},
		},
		rejected: []bot.Rejection{
			{Tag: "1.27.5", Digest: "sha256:5c1f9c2e", Reasons: []string{"too young: built 2026-11-22 09:00:00, may be offered from 2026-11-25 09:00:00 (policy.min_age is 72h)"}},
			{Tag: "1.27.4", Digest: "sha256:77aa01bc", Reasons: []string{"introduces CVE-2026-9999 (high) in libxml2", "no longer built for linux/arm64"}},
		},
	}
}

func twoPlatforms() moved {
	m := oneImage()
	m.platforms = []string{"linux/amd64", "linux/arm64"}
	m.files = tree{"values.yaml": "base: &base debian:12@" + oldDigest + "\nother: 1\nimage: *base\n"}
	m.files["Dockerfile"] = "ARG IMAGE=debian\nARG VERSION=12@" + oldDigest + "\nFROM ${IMAGE}:${VERSION}\n"
	return m
}

func knownExploited() moved {
	m := oneImage()
	curl := deb("curl", "7.88.1-10+deb12u7")
	bad := flaw("CVE-2026-38545", scan.High, curl, "7.88.1-10+deb12u9")
	bad.KnownExploited, bad.EPSS = true, 0.94
	likely := flaw("CVE-2026-38546", scan.Medium, curl, "7.88.1-10+deb12u9")
	likely.EPSS = 0.42
	m.before.packages = append(m.before.packages, curl)
	m.after.packages = append(m.after.packages, deb("curl", "7.88.1-10+deb12u9"))
	m.before.vulnerabilities = append(m.before.vulnerabilities, bad, likely)
	return m
}

func nothingFixed() moved {
	m := oneImage()
	m.before.vulnerabilities, m.after.vulnerabilities = nil, nil
	m.after.packages, m.after.size = m.before.packages, m.before.size
	return m
}

func introduced() moved {
	m := oneImage()
	zlib := deb("zlib1g", "1:1.3.1-1")
	m.after.packages = append(m.after.packages, zlib)
	m.after.vulnerabilities = append(m.after.vulnerabilities,
		flaw("CVE-2026-4512", scan.Medium, zlib, "1:1.3.1-2"), flaw("CVE-2026-4513", scan.Unknown, zlib, ""))
	return m
}

func packageRemoved() moved {
	m := oneImage()
	curl, wget := deb("curl", "7.88.1-10+deb12u7"), deb("wget", "1.21.3-1")
	m.before.packages = append(m.before.packages, curl, wget)
	m.before.vulnerabilities = append(m.before.vulnerabilities, flaw("CVE-2026-38545", scan.High, curl, ""))
	m.after.release = "Debian GNU/Linux 13 (trixie)"
	return m
}

func endOfLife() moved {
	m := oneImage()
	m.findings = []bot.Finding{{Kind: bot.EndOfLife, Text: "debian 12 had its last update on 2026-06-10; debian 13 is kept"}}
	return m
}

// setAside has what remains for each of the reasons for which something may.
func setAside() moved {
	m := oneImage()
	zlib, curl := deb("zlib1g", "1:1.2.13"), deb("curl", "7.88.1-10+deb12u7")
	ignored, affected := flaw("CVE-2026-4512", scan.Low, zlib, "1:1.3.1-2"), flaw("CVE-2026-38546", scan.Medium, curl, "7.88.1-10+deb12u9")
	for _, s := range []*state{&m.before, &m.after} {
		s.packages = append(s.packages, zlib, curl)
		s.vulnerabilities = append(s.vulnerabilities, ignored, affected)
		s.aside = []scan.SetAside{{Vulnerability: flaw("CVE-2023-45853", scan.Critical, zlib, ""), Why: "set aside by VEX: vulnerable code not present"}}
	}
	m.ignored = map[string]string{ignored.ID: "ignored until 2026-12-31: we do not unpack foreign archives"}
	return m
}

// twoScanners has a second scanner that sees a little less, and more, and a third that is down.
func twoScanners() moved {
	m := oneImage()
	other := m
	tar, ssl := m.after.packages[2], m.before.packages[0]
	other.before.vulnerabilities = append([]scan.Vulnerability{flaw("CVE-2026-35190", scan.Low, ssl, "3.0.22-1~deb12u2")}, m.before.vulnerabilities[1:5]...)
	other.after.vulnerabilities = []scan.Vulnerability{flaw("CVE-2026-40001", scan.Low, tar, "")}
	opinion := other.proof().Opinion
	opinion.Scanner = "trivy"
	for _, reports := range [][]scan.Report{opinion.Current, opinion.Next} {
		for i := range reports {
			reports[i].Scanner = scan.Tool{Name: "trivy", Version: "0.69.3"}
			reports[i].DatabaseBuilt = reports[i].DatabaseBuilt.Add(-5 * time.Hour)
		}
	}
	m.others = []bot.Opinion{opinion, {Scanner: "clair", Err: errors.New("ask Clair: 503 <down>")}}
	return m
}

func unverified() moved {
	m := tagMove()
	m.unscanned = true
	return m
}

// unpinned moves to another tag where the policy wants no pins.
func unpinned() moved {
	m := tagMove()
	m.to.Digest = ""
	return m
}

func withMany(n int) moved {
	m := oneImage()
	m.before, m.after = many(n)
	return m
}

// hostile is what an image, an advisory and a repository could try.
func hostile() moved {
	evil := deb("lib](javascript:alert(1))", "1 | 2 `x` $\\color{white}$")
	bad := flaw("CVE-1 <img src=x onerror=alert(1)> @everyone", scan.High, evil, "</details> --> <!-- #1 www.evil.example")
	bad.URL = "javascript:alert(1)"
	m := moved{
		image: debian, from: at("12\n# Heading", oldDigest), to: at("13`@everyone`", newDigest),
		files:     tree{"a|b `c` @everyone/Dockerfile": "FROM debian:12@" + oldDigest + "\n"},
		platforms: []string{"linux/amd64\u202e46mra/xunil"},
		before:    state{release: "Debian\u200b **12** https://evil.example", packages: []scan.Package{evil}, vulnerabilities: []scan.Vulnerability{bad}},
		rejected:  []bot.Rejection{{Tag: "</summary></details>", Reasons: []string{"[click](https://evil.example) :tada:"}}},
	}
	m.after = m.before
	m.after.packages, m.after.vulnerabilities = nil, nil
	return m
}
