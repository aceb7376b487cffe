// Command trivydb writes the Debian 12 advisories beside it as a vulnerability database of Trivy (schema 2).
//
//	go run ./testdata/scanners/trivydb [-release "debian 12"] [-built 2026-11-23T00:00:00Z] CACHE
//
// CACHE is what Trivy's --cache-dir names.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/basebump/basebump/testdata/debian12"
	"github.com/basebump/basebump/testdata/debian12/expect"
)

// severities are Trivy's numbers.
var severities = map[string]int{"Low": 1, "Medium": 2, "High": 3, "Critical": 4}

func main() {
	release := flag.String("release", "debian 12", "the release that the advisories are filed under")
	built := flag.String("built", time.Now().UTC().Format(time.RFC3339), "when the database claims to have been built")
	flag.Parse()
	if err := write(flag.Arg(0), *release, *built); err != nil {
		fmt.Fprintln(os.Stderr, "trivydb:", err)
		os.Exit(1)
	}
}

func write(cache, release, built string) error {
	at, err := time.Parse(time.RFC3339, built)
	if err != nil {
		return fmt.Errorf("read -built: %w", err)
	}
	advisories, err := expect.Advisories(debian12.Advisories())
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "db")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := fill(filepath.Join(dir, "trivy.db"), release, advisories); err != nil {
		return err
	}
	metadata, err := json.Marshal(map[string]any{"Version": 2, "UpdatedAt": at, "NextUpdate": at.Add(24 * time.Hour), "DownloadedAt": at})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "metadata.json"), metadata, 0o644)
}

func fill(path, release string, advisories []expect.Advisory) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	db, err := bbolt.Open(path, 0o644, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		source := map[string]string{"ID": "debian", "Name": "Debian Security Tracker", "URL": "https://salsa.debian.org/security-tracker-team/security-tracker"}
		if err := put(tx, source, "data-source", release); err != nil {
			return err
		}
		for _, a := range advisories {
			detail := map[string]any{
				"Title": a.CVE + " in " + a.Source, "Severity": strings.ToUpper(a.Severity),
				"VendorSeverity": map[string]int{"debian": severities[a.Severity]},
				"References":     []string{"https://security-tracker.debian.org/tracker/" + a.CVE},
			}
			if err := put(tx, detail, "vulnerability", a.CVE); err != nil {
				return err
			}
			fix := map[string]any{"FixedVersion": a.Fixed, "Severity": severities[a.Severity]}
			if err := put(tx, fix, release, a.Source, a.CVE); err != nil {
				return err
			}
		}
		return nil
	})
	if closed := db.Close(); err == nil {
		err = closed
	}
	return err
}

// put stores a value as JSON under the last element of the path; the others name nested buckets.
func put(tx *bbolt.Tx, value any, path ...string) error {
	bucket, err := tx.CreateBucketIfNotExists([]byte(path[0]))
	if err != nil {
		return err
	}
	for _, name := range path[1 : len(path)-1] {
		if bucket, err = bucket.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return bucket.Put([]byte(path[len(path)-1]), data)
}
