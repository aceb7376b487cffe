package tag_test

import (
	"strings"
	"testing"

	"github.com/basebump/basebump/resolver/tag"
)

func TestPrefix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ current, patch, minor, major string }{
		{"1.2.3", "1.2.", "1.", ""},
		{"v1.2.3-alpine3.20", "v1.2.", "v1.", "v"},
		{"1.2", "1.2", "1.", ""},
		{"1.2-r5", "1.2-r", "1.", ""},
		{"18-alpine", "18-alpine", "18-alpine", ""},
		{"8u392-b08-jdk", "8u", "8u", ""},
		{"17.0.1_12-jdk", "17.0.", "17.", ""},
		{"jre-17.0.1", "jre-17.0.", "jre-17.", "jre-"},
		{"pg16-v0.5.1", "pg16-v0.5.", "pg16-v0.", "pg16-v"},
		{"bookworm-20240101-slim", "bookworm-", "bookworm-", ""},
		{"bookworm-slim", "bookworm-slim", "bookworm-slim", ""},
		{"alpine-3.18", "alpine-3.18", "alpine-3.", "alpine-"},
		{"RELEASE.2023-01-01T00-00-00Z", "RELEASE.", "RELEASE.", "RELEASE."},
		{"main-0a1b2c3-1700000000", "main-", "main-", "main-"},
		{"3.0.0b1", "3.0.", "3.", ""},
		{"16-rc1-alpine", "16", "16", ""},
		{"16-3.4", "16-3.4", "16-3.", ""},
		{"1.0-alpine3.20.2", "1.0-alpine", "1.", ""},
		{"1.0-alpine3.20", "1.0-alpine3.20", "1.", ""},
		{"1.0-php8.2.7-fpm", "1.0-php8.2.", "1.", ""},
		{"10.0.17763.5329-KB5034127", "10.0.", "10.", ""},
	} {
		for level, want := range map[tag.Level]string{tag.Patch: tc.patch, tag.Minor: tc.minor, tag.Major: tc.major} {
			if got := tag.Prefix(tag.Query{Image: "docker.io/acme/app", Current: tc.current, Update: level, Now: today}); got != want {
				t.Errorf("%s, %s: got %q, want %q", tc.current, level, got, want)
			}
		}
	}
}

// FuzzPrefix holds for any two tags: what is a candidate begins with the prefix.
func FuzzPrefix(f *testing.F) {
	for _, seed := range [][2]string{
		{"1.2.3", "1.2.4"},
		{"v1.0-rc.1", "v1.0"},
		{"bookworm-20240101-slim", "trixie-20240101-slim"},
		{"17.0.1_12-jdk", "17.0.2_8-jdk"},
		{"1.0-alpine3.17", "1.0-alpine3.22"},
		{"10.0.17763.1-KB1", "10.0.17763.2-KB2"},
		{"main-0a1b2c3-1700000000", "main-1a1b2c3-1710000000"},
		{"16-3.4", "16-3.5"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, current, other string) {
		for _, level := range []tag.Level{tag.Patch, tag.Minor, tag.Major} {
			for _, mode := range []tag.Distribution{tag.Stay, tag.EndOfLife, tag.Follow} {
				q := tag.Query{Image: "docker.io/library/ubuntu", Current: current, Update: level, Distribution: mode, Now: today}
				prefix := tag.Prefix(q)
				if tag.Explain(q, other) == "" && !strings.HasPrefix(other, prefix) && !zeros(current, other) {
					t.Errorf("%s moves from %q to %q, which does not begin with %q", level, current, other, prefix)
				}
			}
		}
	})
}

// zeros says that numbers are written with leading zeros, by which one number may be two texts.
func zeros(tags ...string) bool {
	for _, tag := range tags {
		for i := range tag {
			if tag[i] == '0' && (i == 0 || tag[i-1] < '0' || tag[i-1] > '9') && i+1 < len(tag) && tag[i+1] >= '0' && tag[i+1] <= '9' {
				return true
			}
		}
	}
	return false
}
