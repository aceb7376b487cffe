package scan

import (
	"slices"
	"time"
)

// Used is a scanner that made reports, with what it knew.
type Used struct {
	Tool
	DatabaseBuilt time.Time `json:"database_built,omitzero"` // UTC; zero where the scanner does not tell
}

// UsedFor lists the distinct scanners and databases of reports, in the order of their first report.
func UsedFor(reports []Report) []Used {
	var list []Used
	for _, report := range reports {
		used := Used{report.Scanner, report.DatabaseBuilt}
		if !slices.Contains(list, used) {
			list = append(list, used)
		}
	}
	return list
}
