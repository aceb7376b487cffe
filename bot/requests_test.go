package bot_test

import (
	"slices"
	"testing"

	"github.com/basebump/basebump/resolver/tag"
)

// TestRequests holds a plan to what it may cost: one ping a host, one HEAD for each distinct tag that is or may become the target, one
// tag list for each distinct repository unless only digests move, and GETs only for what is compared.
func TestRequests(t *testing.T) {
	t.Parallel()
	ping := []string{"GET /v2/"}
	still := []string{"HEAD /v2/library/debian/manifests/latest", "HEAD /v2/library/node/manifests/20"}
	heads := append([]string{"HEAD /v2/library/debian/manifests/12.1", "HEAD /v2/library/debian/manifests/12.2"}, still...)
	lists := []string{"GET /v2/library/debian/tags/list", "GET /v2/library/node/tags/list"}
	target := []string{"HEAD /v2/library/debian/manifests/12.10"}
	majors := []string{
		"HEAD /v2/library/debian/manifests/13.0", "HEAD /v2/library/node/manifests/22",
		"HEAD /v2/library/debian/manifests/latest",                                         // which is a hint, and in use
		"HEAD /v2/library/debian/manifests/12.1", "HEAD /v2/library/debian/manifests/12.2", // whether they are the latest
	}
	pinned := []string{"GET /v2/library/debian/manifests/sha256"} // is it one platform's?
	described := []string{"GET /v2/library/debian/manifests/sha256", "GET /v2/library/debian/manifests/sha256", "GET /v2/library/debian/blobs/sha256"}
	for _, tc := range []struct {
		name   string
		update tag.Level
		scans  bool
		want   [][]string
	}{
		{"digests, no scan", tag.Digest, false, [][]string{ping, heads, pinned}},
		{"tags, no scan", tag.Minor, false, [][]string{ping, still, lists, target, pinned}},
		{"digests", tag.Digest, true, [][]string{ping, heads, described, described}},
		{"tags", tag.Minor, true, [][]string{ping, heads, lists, target, described, described, described, described}},
		{"major steps, no scan", tag.Major, false, [][]string{ping, lists, target, majors, pinned}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serveRegistry(t)
			old := r.push(t, "library/debian:12.1", index(t, machine(t, "linux/amd64", "old")))
			for _, path := range []string{"debian:12.1", "debian:12.2", "debian:12.10", "debian:13.0", "debian:latest", "node:20", "node:22"} {
				r.push(t, "library/"+path, index(t, machine(t, "linux/amd64", path)))
			}
			p := r.planner(t, vulnerable(old))
			if !tc.scans {
				p.Scanners = nil
			}
			p.Policy.Update = tc.update
			plan(t, p, tree{
				"a/Dockerfile": "FROM debian:12.1\nFROM debian:12.2\nFROM node:20\n",
				"b/Dockerfile": "FROM debian:12.1@" + old + "\nFROM node:20\nFROM debian:latest\n",
			})
			r.wants(t, slices.Concat(tc.want...)...)
		})
	}
}
