package tag_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/resolver/tag"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func image(name string) string {
	if strings.HasPrefix(name, "windows/") {
		return "mcr.microsoft.com/" + name
	}
	return "docker.io/library/" + name
}

// offered renders a result: candidates with their levels, newest first.
func offered(r tag.Result) string {
	var out []string
	for _, c := range r.Candidates {
		out = append(out, fmt.Sprintf("%s %s", c.Level, c.Tag))
	}
	return strings.Join(out, ", ")
}

func held(r tag.Result) string {
	var out []string
	for _, h := range r.Held {
		out = append(out, h.Tag+" is "+h.Reason)
	}
	return strings.Join(out, ", ")
}

// candidates asks with the list in both orders: it must not matter.
func candidates(t *testing.T, q tag.Query, tags string) tag.Result {
	t.Helper()
	list := strings.Fields(tags)
	q.Now = today
	got := tag.Candidates(q, slices.Values(list))
	slices.Reverse(list)
	if back := tag.Candidates(q, slices.Values(list)); offered(back) != offered(got) || held(back) != held(got) {
		t.Errorf("%s: in list order %q, backwards %q", q.Current, offered(got), offered(back))
	}
	return got
}

// TestRisingParts has the questions that other updaters answer wrongly, with all levels allowed.
func TestRisingParts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ image, current, tags, want string }{
		{"node", "18.1.0-alpine3.17", "18.2.0-alpine3.18 18.2.0-alpine3.17 20.0.0-alpine3.18", "minor 18.2.0-alpine3.17"},
		{"postgres", "15.4.0-debian-11-r5", "15.4.0-debian-11-r45 15.5.0-debian-11-r0 15.4.0-debian-12-r60", "minor 15.5.0-debian-11-r0, patch 15.4.0-debian-11-r45"},
		{"app", "1.2.3-1", "1.2.3-2 1.2.4-1 1.2.4-3", "patch 1.2.4-3"},
		{"eclipse-temurin", "17.0.1_12-jdk", "17.0.2_8-jdk 21.0.1_12-jdk 17.0.2-jdk", "major 21.0.1_12-jdk, patch 17.0.2_8-jdk"},
		{"java-app", "jre-17.0.1", "jre-17.0.2 jdk-17.0.3 17.0.4", "patch jre-17.0.2"},
		{"app", "alpine-3.18", "alpine-3.19 alpine-4.0", "major alpine-4.0, minor alpine-3.19"},
		{"debian", "bookworm-20240101-slim", "bookworm-20240201-slim bookworm-20240301 trixie-20250901-slim", "major trixie-20250901-slim, patch bookworm-20240201-slim"},
		{"debian", "bullseye-slim", "bookworm-slim trixie-slim forky-slim buster-slim stable-slim", "major trixie-slim"},
		{"ubuntu", "jammy", "noble oracular questing resolute focal", "major resolute"},
		{"ubuntu", "22.04", "22.10 24.04 24.10 26.04 26.10 20.04", "major 26.04"},
		{"alpine", "3", "4 20240329", "major 4"},
		{"app", "3", "20240329 1711670400 2024", ""},
		{"app", "1.2.3.4", "1.2.3.5 1.2.4", "patch 1.2.3.5"},
		{"app", "v1.2.3", "1.2.4 v1.2.4", "patch v1.2.4"},
		{"app", "1.2.3", "1.2.4 v1.2.5 1.2.6-slim", "patch 1.2.4"},
		{"app", "2023-01-01", "2023-02-01 2024-01-01 2022-12-31 2024-01", "patch 2024-01-01"},
		{"app", "20230101-abcdef1", "20240101-abcdef2 20220101-abcdef3", "patch 20240101-abcdef2"},
		{"cuda", "12.1.0-cudnn8-runtime-ubuntu22.04", "12.4.1-cudnn-runtime-ubuntu22.04 12.2.0-cudnn8-runtime-ubuntu22.04 12.2.0-cudnn9-runtime-ubuntu22.04", "minor 12.2.0-cudnn8-runtime-ubuntu22.04"},
		{"app", "3.0.0b1", "3.0.0b2", "patch 3.0.0b2"},
		{"app", "3.0.0b1", "3.0.0b2 3.0.0b10", "patch 3.0.0b10"},
		{"app", "3.0.0b1", "3.0.0b10 3.0.0rc1", "patch 3.0.0rc1"},
		{"app", "3.0.0b1", "3.0.0b10 3.0.0rc1 3.0.0 3.1.0b1", "patch 3.0.0"},
		{"ubi8", "8.6-902", "8.6-943 8.10-1 9.2-1 8.5-999", "major 9.2-1, minor 8.10-1, patch 8.6-943"},
		{"minio", "RELEASE.2023-01-01T00-00-00Z", "RELEASE.2023-10-07T15-07-38Z RELEASE.2022-10-07T15-07-38Z RELEASE.2024-01-01T00-00-00Z.fips", "patch RELEASE.2023-10-07T15-07-38Z"},
		{"app", "0a1b2c3d", "1a1b2c3d", ""},
		{"app", "latest", "1.0 2.0", ""},
		{"python", "3.12-slim-bullseye", "3.13-slim-bullseye 3.14-slim-bookworm 3.14.0-slim-bullseye", "minor 3.13-slim-bullseye"},
		{"app", "1.0-arm64v8", "1.1-arm64v8 1.2-amd64 1.3-arm32v7", "minor 1.1-arm64v8"},
		{"app", "1.0-x86_64", "1.1-x86_64 1.2-x86_65", "minor 1.1-x86_64"},
		{"wordpress", "6.4-php8.2-fpm-alpine3.19", "6.5-php8.2-fpm-alpine3.19 6.6-php8.3-fpm-alpine3.19", "minor 6.5-php8.2-fpm-alpine3.19"},
		{"maven", "3.9.6-eclipse-temurin-17", "3.9.9-eclipse-temurin-17 3.9.10-eclipse-temurin-21", "patch 3.9.9-eclipse-temurin-17"},
		{"postgis", "16-3.4", "16-3.5 17-3.5 17-3.3 16-3.4-alpine", "major 17-3.5, minor 16-3.5"},
		{"pgvector", "pg16-v0.5.1", "pg16-v0.6.0 pg17-v0.7.0", "minor pg16-v0.6.0"},
		{"k3s", "v1.28.2-k3s1", "v1.28.2-k3s2 v1.28.3-k3s1 v1.29.0-k3s1 v1.30.0-rc1-k3s1", "minor v1.29.0-k3s1, patch v1.28.3-k3s1"},
		{"jdk", "8u392-b08-jdk", "8u402-b06-jdk 8u392-b09-jdk 11u1-b1-jdk", "major 11u1-b1-jdk, patch 8u402-b06-jdk"},
		{"app", "4.0.10-ls123", "4.0.10-ls124 4.0.11-ls99", "patch 4.0.11-ls99"},
		{"windows/servercore", "10.0.17763.5329-KB5034127", "10.0.17763.5458-KB5034768 10.0.20348.1-KB5034770", "major 10.0.20348.1-KB5034770, patch 10.0.17763.5458-KB5034768"},
		{"framework", "4.8-20240109-windowsservercore-ltsc2019", "4.8-20240213-windowsservercore-ltsc2019 4.8-20240312-windowsservercore-ltsc2022", "patch 4.8-20240213-windowsservercore-ltsc2019"},
		{"servercore", "ltsc2019", "ltsc2022 ltsc2025", "major ltsc2025"},
		{"app", "v1.2.3-4-gabcdef1", "v1.2.3-5-gabcdef2 v1.2.4-1-g1234abc v1.3.0", "patch v1.2.4-1-g1234abc"},
		{"app", "main-0a1b2c3-1700000000", "main-1a1b2c3-1710000000 dev-1a1b2c3-1720000000", "patch main-1a1b2c3-1710000000"},
		{"app", "img_20240101.3", "img_20240101.12 img_20240102.1", "patch img_20240102.1"},
		{"hass", "2023.10.1", "2023.10.5 2023.12.0 2024.1.0 2024.2.0b1", "major 2024.1.0, minor 2023.12.0, patch 2023.10.5"},
		{"app", "1.0.0-alpha.9", "0.9.0 1.0.0-alpha.10 1.0.0-beta.1 1.1.0-alpha.1", "patch 1.0.0-beta.1"},
		{"app", "0.9.0-alpha.9", "0.9.0-alpha.10 0.10.0-alpha.1 1.0.0-beta.1", "major 1.0.0-beta.1, minor 0.10.0-alpha.1, patch 0.9.0-alpha.10"},
		{"app", "0.9.0-alpha.9", "0.8.0 0.9.0-alpha.10 0.10.0-alpha.1", "patch 0.9.0-alpha.10"},
		{"app", "1.0.0-rc.1-slim", "1.0.0-rc.2-slim 1.0.0-slim 1.0.1", "patch 1.0.0-slim"},
		{"ubi9", "9.3", "9.4 9.4-949.1712345678 9.3-1610", "minor 9.4"},
		{"ubi9", "9.4-949.1712345678", "9.4-949.1714662671 9.4-1227.1725849298 9.5-1731518200 9.4", "patch 9.4-1227.1725849298"},
		{"ubi9", "9.5-1731518200", "9.5-1736404155 9.6-1747218906", "minor 9.6-1747218906, patch 9.5-1736404155"},
		{"clamav", "1.2.1_3", "1.2.1_14 1.2.1_base 1.2.1", "patch 1.2.1_14"},
		{"grafana", "10.1.2-security-01", "10.1.2-security-02 10.1.3", "patch 10.1.2-security-02"},
		{"alpine", "3.19", "edge 3.20 3.19.1 20240329 latest", "minor 3.20"},
		{"docker", "27-dind", "28-dind 27.1-dind dind 28.0-dind-rootless", "major 28-dind"},
		{"jenkins", "2.440.1-lts-jdk17", "2.440.2-lts-jdk17 2.440.2-lts-jdk21 2.452.1-lts-jdk17 2.450-jdk17", "minor 2.452.1-lts-jdk17, patch 2.440.2-lts-jdk17"},
		{"elixir", "1.17.2-erlang-27.0.1-alpine-3.20.2", "1.17.3-erlang-27.0.2-alpine-3.20.3 1.17.3-erlang-27.1.1-alpine-3.20.3 1.17.3-erlang-27.0.1-alpine-3.21.0", "patch 1.17.3-erlang-27.0.2-alpine-3.20.3"},
		{"cuda", "12.4.1-cudnn-devel-ubuntu22.04", "12.5.0-cudnn-devel-ubuntu22.04 12.6.0-cudnn9-devel-ubuntu22.04", "minor 12.5.0-cudnn-devel-ubuntu22.04"},
		{"windows/servercore", "ltsc2019-KB5034127", "ltsc2019-KB5034768 ltsc2019-amd64", "patch ltsc2019-KB5034768"},
		{"app", "pr-123", "pr-124 pr-124-1.0", ""},
		{"app", "1.2.3.Final", "1.2.4.Final 1.3.0.CR1", "patch 1.2.4.Final"},
		{"app", "9.0.0-M1", "9.0.0-M10 9.0.0-M2", "patch 9.0.0-M10"},
		{"app", "2024.01", "2024.02 2025.01", "major 2025.01, minor 2024.02"},
		{"hass", "2024.1.0", "2024.1.1 2024.2.0.dev20240101 2024.2.0b1 20240315", "patch 2024.1.1"},
		{"registry", "v20231226-1a7112e06", "v20240101-2b7112e06 v1.2.3", "patch v20240101-2b7112e06"},
		{"app", "1.99999999999999999999", "1.100000000000000000000 1.99999999999999999998", "minor 1.100000000000000000000"},
	} {
		q := tag.Query{Image: image(tc.image), Current: tc.current, Update: tag.Major}
		if got := offered(candidates(t, q, tc.tags+" "+tc.current)); got != tc.want {
			t.Errorf("%s:%s among %s\n got %q\nwant %q", tc.image, tc.current, tc.tags, got, tc.want)
		}
	}
}

func TestLevelBoundsTheMove(t *testing.T) {
	t.Parallel()
	const tags = "1.2.3 1.2.4 1.2.5 1.3.0 1.4.0 2.0.0 3.1.0 4.0.0-rc1"
	for level, want := range map[tag.Level][2]string{
		tag.Digest: {"", ""},
		tag.Patch:  {"patch 1.2.5", "4.0.0-rc1 is a prerelease, 3.1.0 is a major step, 1.4.0 is a minor step"},
		tag.Minor:  {"minor 1.4.0, patch 1.2.5", "4.0.0-rc1 is a prerelease, 3.1.0 is a major step"},
		tag.Major:  {"major 3.1.0, minor 1.4.0, patch 1.2.5", "4.0.0-rc1 is a prerelease"},
	} {
		got := candidates(t, tag.Query{Image: "docker.io/acme/app", Current: "1.2.3", Update: level}, tags)
		if offered(got) != want[0] || held(got) != want[1] {
			t.Errorf("%s: offered %q, held %q", level, offered(got), held(got))
		}
	}
}

// TestPrereleaseOfWhatIsReleased tells nobody of a prerelease once something newer is offered.
func TestPrereleaseOfWhatIsReleased(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]string{
		"16.1 17rc1":         "",
		"17.0-rc1":           "17.0-rc1 is a prerelease",
		"17.0 17.0-rc1":      "",
		"17.0 17.1-rc1 17.1": "",
		"17.0 17.1-rc1":      "17.1-rc1 is a prerelease",
	} {
		if got := held(candidates(t, tag.Query{Image: "docker.io/acme/app", Current: "16.0", Update: tag.Major}, tags)); got != want {
			t.Errorf("among %s: held %q, want %q", tags, got, want)
		}
	}
}

func TestLongTermLines(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ image, current, tags, want, held string }{
		{"docker.io/library/node", "22-alpine", "23-alpine 24-alpine 25-alpine 26-alpine 27-alpine", "major 26-alpine", "27-alpine is not a long-term line"},
		{"docker.io/library/node", "22", "23 25 27", "", "27 is not a long-term line"},
		{"docker.io/library/node", "21", "22 23", "major 23", ""},
		{"docker.io/calico/node", "v22", "v23 v25", "major v25", ""},
		{"mirror.lan/hub/library/node", "22", "23 24", "major 24", "23 is not a long-term line"},
		{"mirror.lan/node", "22", "23 24", "major 24", "23 is not a long-term line"},
		{"docker.io/library/eclipse-temurin", "17-jre", "18-jre 21-jre 24-jre 25-jre 26-jre", "major 25-jre", "26-jre is not a long-term line"},
		{"docker.io/acme/base", "jdk17-alpine3.20", "jdk21-alpine3.20 jdk26-alpine3.20", "major jdk21-alpine3.20", "jdk26-alpine3.20 is not a long-term line"},
		{"docker.io/library/ubuntu", "noble-20240101", "noble-20240201 questing-20260101 resolute-20260501", "major resolute-20260501, patch noble-20240201", "questing-20260101 is not a long-term line"},
		{"docker.io/library/debian", "12.5-slim", "12.6-slim 13.1-slim 14.0-slim", "major 13.1-slim, minor 12.6-slim", "14.0-slim is not released yet"},
		{"mcr.microsoft.com/dotnet/aspnet", "8.0", "9.0 10.0 11.0", "major 10.0", "11.0 is not a long-term line"},
		{"docker.io/library/python", "3.12", "3.13 3.15", "minor 3.15", ""},
	} {
		got := candidates(t, tag.Query{Image: tc.image, Current: tc.current, Update: tag.Major}, tc.tags)
		if offered(got) != tc.want || held(got) != tc.held {
			t.Errorf("%s:%s: offered %q, held %q\nwant %q, %q", tc.image, tc.current, offered(got), held(got), tc.want, tc.held)
		}
	}
}

func TestDistributions(t *testing.T) {
	t.Parallel()
	const stay, ended, follow = tag.Stay, tag.EndOfLife, tag.Follow
	for _, tc := range []struct {
		current, tags string
		mode          tag.Distribution
		want          string
	}{
		{"3.14-slim-bookworm", "3.14-slim-trixie", stay, ""},
		{"3.14-slim-bookworm", "3.14-slim-trixie", ended, ""},
		{"3.14-slim-bookworm", "3.14-slim-trixie 3.14-slim-forky", follow, "patch 3.14-slim-trixie"},
		{"3.14-slim-bullseye", "3.14-slim-bookworm 3.14-slim-trixie", ended, "patch 3.14-slim-trixie"},
		{"3.14-slim-bullseye", "3.14-slim-buster 3.15-slim-buster", follow, ""},
		{"3.14-slim-bookworm", "3.15-slim-bullseye", follow, ""},
		{"1.0-alpine3.17", "1.0-alpine3.22 1.1-alpine3.23 1.1-alpine3.19", ended, "minor 1.1-alpine3.23, patch 1.0-alpine3.22"},
		{"1.0-alpine3.17", "1.0-alpine3.19", follow, ""},
		{"1.0-alpine3.23", "1.0-alpine3.24", ended, ""},
		{"1.0-alpine3.17", "1.0-alpine3", follow, ""},
		{"1.0-jammy", "1.0-noble 1.0-questing 1.0-bookworm", follow, "patch 1.0-noble"},
		{"12.1.0-base-ubuntu20.04", "12.1.0-base-ubuntu22.04 12.1.0-base-ubi9", ended, "patch 12.1.0-base-ubuntu22.04"},
		{"1.0-ubi8", "1.0-ubi9", ended, ""},
		{"1.0-ubi8", "1.0-ubi9", follow, "patch 1.0-ubi9"},
		{"1.0-windowsservercore-ltsc2019", "1.0-windowsservercore-ltsc2022 1.0-nanoserver-ltsc2022", follow, "patch 1.0-windowsservercore-ltsc2022"},
	} {
		q := tag.Query{Image: "docker.io/acme/app", Current: tc.current, Update: tag.Major, Distribution: tc.mode}
		if got := offered(candidates(t, q, tc.tags)); got != tc.want {
			t.Errorf("%s among %s, mode %d: got %q, want %q", tc.current, tc.tags, tc.mode, got, tc.want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ current, other, want string }{
		{"1.2.3-alpine3.20", "1.2.4-alpine3.20", ""},
		{"1.2.3-alpine3.20", "1.2.4", "another form of tag"},
		{"1.2.3-alpine3.20", "1.2.3-alpine3.20", "not newer"},
		{"1.2.3-alpine3.20", "1.2.2-alpine3.21", "not newer"},
		{"1.2.3-alpine3.20", "1.2.3-alpine3.21", "another distribution release"},
		{"1.2.3-alpine3.20", "1.2.4-alpine3.19", "newer in one part, older in another"},
		{"1.2.3-alpine3.20", "2.0.0-alpine3.20", "a major step"},
		{"1.2.3-alpine3.20", "1.3.0-alpine3.20", "a minor step"},
		{"1.2.3-alpine3.20", "1.2.4-rc1-alpine3.20", "a prerelease"},
		{"1.2.3-cudnn8", "1.2.4-cudnn9", "another variant"},
		{"1.2.3-php8.2.7", "1.2.4-php8.2.6", "newer in one part, older in another"},
		{"1.2.3-php8.2.7", "1.2.3-php8.2.8", ""},
		{"3", "20240329", "another form of tag"},
		{"3", "202403", "a date or a counter, not a version"},
	} {
		q := tag.Query{Image: "docker.io/acme/app", Current: tc.current, Update: tag.Patch, Now: today}
		if got := tag.Explain(q, tc.other); got != tc.want {
			t.Errorf("%s → %s: got %q, want %q", tc.current, tc.other, got, tc.want)
		}
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"latest": false, "stable": false, "pr-123": false, "edge": false, "stable-slim": false, "abcdef1": false, "sha-0a1b2c3": false, "amd64": false, "": false, "lts-alpine": false,
		"1": true, "bookworm": true, "ltsc2022": true, "20240101": true, "RELEASE.2023-01-01T00-00-00Z": true, "jdk17": true, "main-0a1b2c3-1700000000": true,
	} {
		if got := tag.Orders(name); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}
