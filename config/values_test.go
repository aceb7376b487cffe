package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "90s": 90 * time.Second, "72h": 72 * time.Hour, "30d": 720 * time.Hour, "1d12h": 36 * time.Hour,
	} {
		var got config.Duration
		if err := got.UnmarshalText([]byte(text)); err != nil || time.Duration(got) != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "-1d", "5", "1d-2h", "106752d", "106751d48h", "1w", "2 d"} {
		var got config.Duration
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got %v, no error", text, got)
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2GiB": "2GiB", "2048MiB": "2GiB", "1GB": "1GB", "1500 kB": "1500kB", "7B": "7B", "0B": "0B"} {
		var got config.Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "GiB", "-1GiB", "2", "2Gi", "8388608TiB", "1.5GiB"} {
		var got config.Size
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got %v, no error", text, got)
		}
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"GHCR.io": "ghcr.io", "index.docker.io": "docker.io", "registry-1.docker.io": "docker.io", "localhost": "localhost",
		"localhost:5000": "localhost:5000", "10.0.0.1:5000": "10.0.0.1:5000", "[::1]:5000": "[::1]:5000", "[::1]": "[::1]",
		"123456789012.dkr.ecr.eu-west-1.amazonaws.com": "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
	} {
		var got config.Host
		if err := got.UnmarshalText([]byte(text)); err != nil || string(got) != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", ":5000", "a:", "::1", "a:b:c", "-a.io", "a..b", "a b", "a/b", "http://a", "a@b", "[::1%eth0]:5000", "[10.0.0.1]"} {
		var got config.Host
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: got %v, no error", text, got)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	var date config.Date
	if err := date.UnmarshalText([]byte("2026-12-31")); err != nil {
		t.Fatal(err)
	}
	last := time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)
	if !date.Covers(last) || date.Covers(last.Add(time.Second)) || !(config.Date{}).Covers(last) {
		t.Error("a date covers its own day in UTC and nothing after; no date covers all")
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	schedule, err := config.ParseSchedule("CRON_TZ=Europe/Berlin 30 6 * * *")
	if err != nil {
		t.Fatal(err)
	}
	got := schedule.Next(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	if want := time.Date(2026, 11, 24, 5, 30, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !(config.Schedule{}).Next(got).IsZero() {
		t.Error("no schedule is due sometime")
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ patterns, match, no string }{
		{"", "acme/api", ""},
		{"acme/*", "acme/api ACME/Web", "other/api"},
		{"acme/* !acme/legacy-*", "acme/api", "acme/legacy-api other/x"},
		{"!ACME/legacy-* acme/*", "acme/api", "acme/legacy-api other/x"},
		{"!acme/legacy-*", "acme/api other/x", "Acme/Legacy-api"},
	} {
		var watch config.Watch
		for _, text := range strings.Fields(tc.patterns) {
			var pattern config.RepositoryPattern
			if err := pattern.UnmarshalText([]byte(text)); err != nil {
				t.Fatal(err)
			}
			watch = append(watch, pattern)
		}
		for _, name := range strings.Fields(tc.match) {
			if !watch.Match(name) {
				t.Errorf("%q does not select %s", tc.patterns, name)
			}
		}
		for _, name := range strings.Fields(tc.no) {
			if watch.Match(name) {
				t.Errorf("%q selects %s", tc.patterns, name)
			}
		}
	}
}
