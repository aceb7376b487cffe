package main

import (
	"testing"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/resolver/tag"
)

func TestDistribution(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		distribution config.Distribution
		update       config.Update
		want         tag.Distribution
	}{
		{config.DistributionKeep, config.UpdatePatch, tag.Stay},
		{config.DistributionKeep, config.UpdateMinor, tag.Stay},
		{config.DistributionKeep, config.UpdateMajor, tag.EndOfLife},
		{config.DistributionFollow, config.UpdatePatch, tag.Follow},
		{config.DistributionFollow, config.UpdateMajor, tag.Follow},
	} {
		if got := policyOf(config.Policy{Distribution: tc.distribution, Update: tc.update}).Distribution; got != tc.want {
			t.Errorf("%s with %s: %v, want %v", tc.distribution, tc.update, got, tc.want)
		}
	}
}
