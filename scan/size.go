package scan

import "github.com/docker/go-units"

// Size says a number of bytes for people: "48.6 MB".
func Size(n int64) string {
	return units.CustomSize("%.1f %s", float64(n), 1000, []string{"B", "kB", "MB", "GB", "TB", "PB"})
}
