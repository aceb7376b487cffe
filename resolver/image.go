// Package resolver asks registries what they serve now: digests, tags, platforms, labels and creation times.
//
// It alone knows registries' protocols on the planning side. It judges nothing, and keeps logins and rate limits
// but no answers: a Memo does that, for one cycle.
package resolver

import "time"

// Image describes what one digest of a repository stands for.
type Image struct {
	Digest    string     // as asked: of an index where there is one
	Platforms []Platform // in the index's order, attestations (unknown/unknown) left out; one for a plain manifest
	Created   time.Time  // the newest platform's creation time; zero when the image does not say
	Size      int64      // compressed bytes of all layers of the first platform
	Labels    map[string]string
}

// Platform is one runnable image.
type Platform struct {
	Name   string // os/arch[/variant], with ":osversion" for Windows builds
	Digest string // of its own manifest
}
