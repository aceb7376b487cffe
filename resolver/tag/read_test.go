package tag_test

import (
	"strings"
	"testing"

	"github.com/basebump/basebump/resolver/tag"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"1.2.3":                         "version:1.2.3",
		"v1.2.3-rc.1":                   "version:1.2.3~rc.1",
		"3.0.0b10":                      "version:3.0.0~b10",
		"1.0.0-SNAPSHOT":                "version:1.0.0~SNAPSHOT",
		"22-ea-17-jdk":                  "version:22~ea-17 text:",
		"1.0.0-rc-20240101":             "version:1.0.0~rc date:20240101",
		"1.0-beta2-slim":                "version:1.0~beta2 text:",
		"17.0.1_12-jdk":                 "version:17.0.1 build:12 text:",
		"8u392-b08-jdk":                 "version:8u392 build:08 text:",
		"jre-17.0.1":                    "named:17.0.1",
		"alpine-3.18":                   "distro:3.18",
		"bookworm-20240101-slim":        "distro:bookworm date:20240101 text:",
		"15.4.0-debian-11-r5":           "version:15.4.0 distro:11 build:5",
		"12.1.0-cudnn8-ubuntu22.04":     "version:12.1.0 named:8 distro:22.04",
		"2023-01-31":                    "date:2023-01-31",
		"2023-01":                       "date:2023-01",
		"2023-13":                       "version:2023 build:13",
		"2023.10.1":                     "version:2023.10.1",
		"20240131T120000Z":              "date:20240131T120000Z",
		"RELEASE.2023-01-01T00-00-00Z":  "date:2023-01-01T00-00-00Z",
		"20241399":                      "version:20241399",
		"1711670400":                    "date:1711670400",
		"sha-0a1b2c3":                   "hash:0a1b2c3",
		"1.2.3-4-g0a1b2c3":              "version:1.2.3 build:4 hash:0a1b2c3",
		"1.2.3-1234567":                 "version:1.2.3 build:1234567",
		"arm64v8-1.0":                   "version:1.0",
		"1.0-x86_64":                    "version:1.0 text:",
		"x86_65-1":                      "version:65 build:1",
		"v1.28.2-k3s1":                  "version:1.28.2 build:1",
		"v1.27.3-gke.100":               "version:1.27.3 build:100",
		"9.4-949.1714662671":            "version:9.4 build:949.1714662671",
		"pr-123-1.0":                    "version:1.0",
		"ltsc2022":                      "distro:2022",
		"nanoserver-1809":               "distro:1809",
		"php8.4rc1-fpm":                 "named:8.4~rc1 text:",
		"latest":                        "text:",
		"trixieX":                       "text:",
		"1.1.1w":                        "version:1.1.1 text:",
		"1-2-3-4-5-6-7-8-9-10-11-12-13": "text:",
	} {
		parts, _ := tag.Parts(raw)
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

// FuzzCandidates holds for any two tags: nothing panics, no byte is lost in reading, a tag is not newer than itself, and of two tags at
// most one is newer.
func FuzzCandidates(f *testing.F) {
	for _, seed := range [][2]string{
		{"1.2.3", "1.2.4"},
		{"v1.0-rc.1", "v1.0"},
		{"bookworm-20240101-slim", "trixie-20240101-slim"},
		{"17.0.1_12-jdk", "8u392-b08"},
		{"1.0-x86_64", "RELEASE.2023-01-01T00-00-00Z"},
		{"10.0.17763.1-KB1", "10.0.20348.1-KB1"},
		{"1.2.3-4-g0a1b2c3", "k3s1"},
		{"20240101T1:2Z", "2024-01-01T"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if got, want := strings.ReplaceAll(tag.Rebuilt(a), "-", ""), strings.ReplaceAll(a, "-", ""); len(got) > len(want) || strings.NewReplacer(".", "", "_", "").Replace(got) != strings.NewReplacer(".", "", "_", "").Replace(want) {
			t.Errorf("%q was read as %q", a, tag.Rebuilt(a))
		}
		for _, mode := range []tag.Distribution{tag.Stay, tag.EndOfLife, tag.Follow} {
			to := func(from, to string) string {
				return tag.Explain(tag.Query{Image: "docker.io/library/ubuntu", Current: from, Update: tag.Major, Distribution: mode, Now: today}, to)
			}
			if to(a, a) == "" || to(b, b) == "" {
				t.Errorf("%q or %q is newer than itself", a, b)
			}
			if to(a, b) == "" && to(b, a) == "" {
				t.Errorf("%q and %q are newer than each other", a, b)
			}
		}
	})
}
