package command_test

import (
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/process/processtest"
)

// told answers what Grype is asked about itself.
func told(built time.Time) []processtest.Answer {
	return []processtest.Answer{
		{When: []string{"version"}, Stdout: `{"application":"grype","version":"0.120.0"}`},
		{When: []string{"status"}, Stdout: `{"schemaVersion":"v6.1.10","built":"` + built.Format(time.RFC3339) + `","valid":true}`},
		{When: []string{"update"}, Exit: 1, Stderr: "no network"},
	}
}

func TestGrypeTellsItsIdentity(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "grype", told(built(t))...)
	tool, when, err := scanner(t, grypeOptions(t, fake)).Identity(t.Context())
	if err != nil || tool != (scan.Tool{Name: "grype", Version: "0.120.0"}) || !when.Equal(built(t).Truncate(time.Second)) {
		t.Errorf("got %v, %s, %v", tool, when, err)
	}
}

// A database that Grype keeps itself is looked after once in a while, and its age counts whether that went well or not.
func TestGrypeLooksForANewerDatabase(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "grype", told(built(t))...)
	o := grypeOptions(t, fake)
	o.DBDir = ""
	now := built(t).Add(time.Hour)
	o.Now = func() time.Time { return now }
	s := scanner(t, o)
	updates := func() (n int) {
		for _, call := range fake.Calls(t) {
			if strings.Join(call.Args, " ") == "db update" {
				n++
			}
		}
		return n
	}
	for i, after := range []time.Duration{0, 59 * time.Minute, time.Minute} {
		now = now.Add(after)
		if _, _, err := s.Identity(t.Context()); err != nil {
			t.Fatal(err)
		}
		if want := []int{1, 1, 2}[i]; updates() != want {
			t.Errorf("after %s more: %d updates, want %d", after, updates(), want)
		}
	}
	now = now.Add(6 * 24 * time.Hour)
	if _, _, err := s.Identity(t.Context()); fault.ClassOf(err) != fault.Retry || !strings.Contains(fault.Text(err), "max_db_age is 5 days") {
		t.Errorf("of a stale database: %v", err)
	}
}

// A program that does not tell the age of its data is taken at its word for an hour.
func TestUndatedIdentity(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 5, 59, 0, 0, time.UTC)
	s := scanner(t, command.Options{Format: "sarif", Command: "/opt/bin/snyk", Args: []string{"{image}"}, Now: func() time.Time { return now }})
	for want, at := range map[time.Time]time.Time{
		time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC): now,
		time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC): now.Add(time.Minute),
	} {
		now = at
		tool, got, err := s.Identity(t.Context())
		if err != nil || tool != (scan.Tool{Name: "snyk"}) || !got.Equal(want) {
			t.Errorf("got %v, %s, %v", tool, got, err)
		}
	}
}
