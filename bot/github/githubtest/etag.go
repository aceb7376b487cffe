package githubtest

import "strings"

// sameTag compares weakly, as If-None-Match does (RFC 9110, 13.1.2).
func sameTag(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}
