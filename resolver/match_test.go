package resolver_test

import (
	"testing"

	"github.com/basebump/basebump/resolver"
)

func TestPlatformAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, wanted string
		want         bool
	}{
		{"linux/amd64", "linux/amd64", true},
		{"linux/amd64", "linux/x86_64", true},
		{"linux/amd64/v3", "linux/amd64", false},
		{"linux/arm64", "linux/arm64/v8", true},
		{"linux/arm64", "linux/arm", false},
		{"linux/arm/v7", "linux/arm", true},
		{"linux/arm/v6", "linux/arm", false},
		{"windows/amd64:10.0.17763.6054", "windows/amd64:10.0.17763.5820", true},
		{"windows/amd64:10.0.20348.2762", "windows/amd64:10.0.17763.5820", false},
		{"windows/amd64:10.0.17763.6054", "windows/amd64", true},
		{"windows/amd64", "windows/amd64:10.0.17763.5820", false},
		{"linux/amd64", "windows/amd64", false},
	} {
		if got := (resolver.Platform{Name: tc.name}).Answers(tc.wanted); got != tc.want {
			t.Errorf("%s answers %s: %v", tc.name, tc.wanted, got)
		}
	}
}
