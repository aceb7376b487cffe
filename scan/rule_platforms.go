package scan

import "strings"

func keepsPlatforms(_ Policy, e Evidence) (bool, string) {
	if len(e.Lost) > 0 {
		return false, "no longer built for " + strings.Join(e.Lost, ", ")
	}
	return true, ""
}
