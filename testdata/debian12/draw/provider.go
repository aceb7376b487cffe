package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

// The folder of a provider as vunnel writes it and Grype's database builder
// reads it: metadata.json names the listing, the listing names the results.
const (
	namespace   = "debian:12"
	schemas     = "https://raw.githubusercontent.com/anchore/vunnel/main/schema/"
	stateSchema = schemas + "provider-workspace-state/schema-1.0.3.json"
	osSchema    = schemas + "vulnerability/os/schema-1.1.0.json"
	tracker     = "https://security-tracker.debian.org/tracker/"
)

type object = map[string]any

// vulnerability is an advisory in vunnel's schema for operating systems.
func vulnerability(a expect.Advisory) object {
	return object{"Vulnerability": object{
		"Name":          a.CVE,
		"NamespaceName": namespace,
		"Severity":      a.Severity,
		"Link":          tracker + a.CVE,
		"Description":   fmt.Sprintf("Fixed by %s %s, says its changelog.", a.Source, a.Fixed),
		"CVSS":          []any{},
		"Metadata":      object{},
		"FixedIn": []object{{
			"Name":           a.Source,
			"NamespaceName":  namespace,
			"Version":        a.Fixed,
			"VersionFormat":  "dpkg",
			"Available":      object{"Date": a.Date.Format(time.DateOnly), "Kind": "release"},
			"VendorAdvisory": object{"AdvisorySummary": []any{}, "NoAdvisory": false},
		}},
	}}
}

// writeProvider writes the advisories into dir, one file per source package.
func writeProvider(dir string, bySource [][]expect.Advisory) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	var listing strings.Builder
	var newest time.Time
	for _, drawn := range bySource {
		var items []object
		for _, advisory := range drawn {
			items = append(items, vulnerability(advisory))
			if advisory.Date.After(newest) {
				newest = advisory.Date
			}
		}
		source := drawn[0].Source
		name := "results/debian@12/" + source + ".json"
		digest, err := writeJSON(filepath.Join(dir, name), object{
			"schema": osSchema, "identifier": namespace + "/" + source, "item": items,
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(&listing, "%s  %s\n", digest, name)
	}
	const listed = "results/listing.xxh64"
	if err := writeFile(filepath.Join(dir, listed), []byte(listing.String())); err != nil {
		return err
	}
	_, err := writeJSON(filepath.Join(dir, "metadata.json"), object{
		"provider":  "debian",
		"version":   1,
		"processor": "basebump testdata/debian12/draw",
		"schema":    object{"version": "1.0.3", "url": stateSchema},
		"urls":      []any{},
		"timestamp": newest.UTC().Format(time.RFC3339),
		"listing":   object{"path": listed, "digest": digest([]byte(listing.String())), "algorithm": "xxh64"},
		"store":     "flat-file",
		"stale":     false,
	})
	return err
}

func digest(data []byte) string {
	return fmt.Sprintf("%016x", xxhash.Sum64(data))
}

// writeJSON writes the value and returns the digest of the file.
func writeJSON(file string, value any) (string, error) {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return digest(data.Bytes()), writeFile(file, data.Bytes())
}

func writeFile(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
