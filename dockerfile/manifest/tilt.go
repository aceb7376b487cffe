package manifest

import (
	"path"
	"regexp"
	"strings"
)

var (
	// tiltImage is an image that a Tiltfile hands on: an argument called image, or a build argument called after one.
	tiltImage = regexp.MustCompile(`(?:\bimage[ \t]*=[ \t]*|["']\w*(?:IMAGE|BASE|FROM)\w*["'][ \t]*:[ \t]*)["'](?P<image>[^"'\s{}%]+[:@][^"'\s{}%]+)["']`)

	// tiltDockerfile is a Dockerfile that stands in a Tiltfile, in three quotes of either kind.
	tiltDockerfile = regexp.MustCompile(`(?s)\bdockerfile_contents[ \t]*=[ \t]*(?:"""(.*?)"""|'''(.*?)''')`)
)

func isTiltfile(name string) bool {
	base := path.Base(name)
	return base == "Tiltfile" || strings.HasPrefix(base, "Tiltfile.") || strings.HasSuffix(base, ".Tiltfile") || strings.HasSuffix(base, ".tiltfile")
}

// readTiltfile reads what a Tiltfile builds on. What docker_build is given first is what it builds: no reference.
func readTiltfile(r *reader) {
	r.pattern(tiltImage, "#")
	for _, found := range tiltDockerfile.FindAllSubmatchIndex(r.Data, -1) {
		start, end := found[2], found[3]
		if start < 0 {
			start, end = found[4], found[5]
		}
		r.within(r.bytes(start, end), readDockerfile)
	}
}
