package command_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/process/processtest"
)

// built is when the database of the recorded answers was.
func built(t *testing.T) time.Time {
	t.Helper()
	var answer struct {
		Descriptor struct {
			DB struct{ Status struct{ Built time.Time } }
		}
	}
	if err := json.Unmarshal([]byte(recorded(t, "grype/old.json")), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Descriptor.DB.Status.Built
}

// grype answers with what it found in a stage, with its list of packages beside.
func grype(t *testing.T, stage string) processtest.Answer {
	return processtest.Answer{
		When: []string{"--output=cyclonedx-json=packages.json"}, Stdout: recorded(t, "grype/"+stage+".json"),
		Files: map[string]string{"packages.json": recorded(t, "grype/"+stage+".cdx.json")},
	}
}

func grypeOptions(t *testing.T, fake *processtest.Fake) command.Options {
	now := built(t).Add(time.Hour)
	return command.Options{Format: "grype", Command: fake.Path, DBDir: "/var/lib/grype", MaxDBAge: 5 * 24 * time.Hour, Now: func() time.Time { return now }}
}

func TestGrype(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "grype", grype(t, "old"))
	report, err := scanner(t, grypeOptions(t, fake)).Scan(t.Context(), target())
	if err != nil {
		t.Fatal(err)
	}
	if report.Scanner.Name != "grype" || !report.DatabaseBuilt.Equal(built(t)) ||
		report.OS.Name != "Debian GNU/Linux 12 (bookworm)" || len(report.Packages) != 114 || len(report.Vulnerabilities) != 88 {
		t.Errorf("got %d matches in %d packages of %s by %v of %v", len(report.Vulnerabilities), len(report.Packages), report.OS.Name, report.Scanner, report.DatabaseBuilt)
	}
	call := fake.Calls(t)[0]
	args := []string{
		"registry:127.0.0.1:5000/library/debian@sha256:52c2", "--platform=linux/amd64", "--quiet", "--output=json", "--output=cyclonedx-json=packages.json",
	}
	env := slices.DeleteFunc(call.Env, func(v string) bool { return !strings.HasPrefix(v, "GRYPE_") })
	wantEnv := []string{
		"GRYPE_CHECK_FOR_APP_UPDATE=false", "GRYPE_DB_AUTO_UPDATE=false", "GRYPE_DB_CACHE_DIR=/var/lib/grype", "GRYPE_DB_VALIDATE_AGE=false",
		"GRYPE_REGISTRY_AUTH_AUTHORITY=127.0.0.1:5000", "GRYPE_REGISTRY_AUTH_PASSWORD=hunter2", "GRYPE_REGISTRY_AUTH_USERNAME=bot",
		"GRYPE_REGISTRY_INSECURE_USE_HTTP=true",
	}
	if d := cmp.Diff(args, call.Args) + cmp.Diff(wantEnv, env); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestGrypeIsAskedWhetherItKnowsACleanImage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		asked string // Grype's answer about packages in which there must be something
		want  string
	}{
		"it does":     {recorded(t, "grype/old.json"), ""},
		"it does not": {recorded(t, "grype/newer.json"), "scan docker.io/library/debian@sha256:52c2: the vulnerability database has no data for Debian GNU/Linux 12 (bookworm)"},
	} {
		fake := processtest.New(t, "grype", grype(t, "newer"), processtest.Answer{Stdout: tc.asked})
		report, err := scanner(t, grypeOptions(t, fake)).Scan(t.Context(), target())
		switch {
		case tc.want == "" && (err != nil || len(report.Vulnerabilities) != 0 || len(report.Packages) != 114):
			t.Errorf("%s: got %d matches in %d packages, %v", name, len(report.Vulnerabilities), len(report.Packages), err)
		case tc.want != "" && (err == nil || err.Error() != tc.want):
			t.Errorf("%s: got %v", name, err)
		}
		if calls := fake.Calls(t); len(calls) != 2 || !strings.HasPrefix(calls[1].Args[0], "sbom:"+calls[1].Folder) {
			t.Errorf("%s: calls %v", name, calls)
		}
	}
}

func TestGrypeFails(t *testing.T) {
	t.Parallel()
	found, old := recorded(t, "grype/old.json"), built(t).Add(-21*24*time.Hour)
	without := func(stdout string) processtest.Answer { return processtest.Answer{Stdout: stdout} }
	for _, tc := range []struct {
		name   string
		answer processtest.Answer
		class  fault.Class
		want   string
	}{
		{
			"a stale database",
			processtest.Answer{Stdout: `{"matches":[],"descriptor":{"db":{"status":{"built":"` + old.Format(time.RFC3339) + `"}}}}`},
			fault.Retry, "the vulnerability database is 21 days old, built " + old.Format("2006-01-02 15:04 UTC") + "; max_db_age is 5 days; run `grype db update`, or raise `max_db_age`",
		},
		{
			"a database without a date",
			processtest.Answer{Stdout: `{"matches":[]}`},
			fault.Retry, "the vulnerability database does not say when it was built; run `grype db update`, or raise `max_db_age`",
		},
		{
			"a database that is not usable",
			processtest.Answer{Stdout: `{"matches":[],"descriptor":{"db":{"status":{"error":"checksum"}}}}`},
			fault.Retry, "Grype's database is not usable: checksum; run `grype db update`, or raise `max_db_age`",
		},
		{"no list of matches", without(`{"descriptor":{}}`), fault.Permanent, "decode Grype's answer: it has no matches, not even an empty list of them"},
		{"no list of packages", without(found), fault.Permanent, "read what the program wrote: openat packages.json: no such file or directory"},
		{
			"no packages",
			processtest.Answer{Stdout: found, Files: map[string]string{"packages.json": `{"bomFormat":"CycloneDX"}`}},
			fault.Permanent, "neither an operating system nor a package was recognised in the image",
		},
	} {
		fake := processtest.New(t, "grype", tc.answer)
		_, err := scanner(t, grypeOptions(t, fake)).Scan(t.Context(), target())
		if want := "scan docker.io/library/debian@sha256:52c2: " + tc.want; err == nil || fault.Text(err) != want || fault.ClassOf(err) != tc.class {
			t.Errorf("%s:\ngot  %v\nof class %q, want\n     %s\nof class %q", tc.name, fault.Text(err), fault.ClassOf(err), want, tc.class)
		}
	}
}
