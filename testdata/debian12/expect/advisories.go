package expect

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"time"
)

// An Advisory says that a version of a source package, and every later one, is
// free of a CVE in Debian 12.
type Advisory struct {
	CVE      string
	Source   string
	Fixed    string    // a Debian version
	Date     time.Time // of the upload, to the day
	Severity string    // Low, Medium, High or Critical
}

// result is what this package reads of a result file in a provider folder.
type result struct {
	Item []struct {
		Vulnerability struct {
			Name     string
			Severity string
			FixedIn  []struct {
				Name, Version string
				Available     struct{ Date string }
			}
		}
	} `json:"item"`
}

// Advisories reads the provider folder debian in fsys, in the order of its files.
func Advisories(fsys fs.FS) ([]Advisory, error) {
	files, err := fs.Glob(fsys, "debian/results/debian@12/*.json")
	if err != nil {
		return nil, fmt.Errorf("list advisories: %w", err)
	}
	var advisories []Advisory
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read advisories: %w", err)
		}
		found, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("read advisories %s: %w", file, err)
		}
		advisories = append(advisories, found...)
	}
	return advisories, nil
}

func parse(data []byte) ([]Advisory, error) {
	var res result
	if err := json.Unmarshal(data, &res); err != nil {
		return nil, err
	}
	var advisories []Advisory
	for _, item := range res.Item {
		vulnerability := item.Vulnerability
		for _, fix := range vulnerability.FixedIn {
			date, err := time.Parse(time.DateOnly, fix.Available.Date)
			if err != nil {
				return nil, err
			}
			advisories = append(advisories, Advisory{
				CVE:      vulnerability.Name,
				Source:   fix.Name,
				Fixed:    fix.Version,
				Date:     date,
				Severity: vulnerability.Severity,
			})
		}
	}
	return advisories, nil
}
