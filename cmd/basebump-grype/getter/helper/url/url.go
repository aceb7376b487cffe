// Package url stands in for go-getter's package of that name.
package url

import "net/url"

// Parse is the standard library's.
func Parse(raw string) (*url.URL, error) { return url.Parse(raw) }
