package manifest

import (
	"path"
	"regexp"
	"strings"
)

var (
	quadletImage   = regexp.MustCompile(`(?m)^[ \t]*Image[ \t]*=[ \t]*(?:docker://)?(?P<image>\S+)[ \t\r]*$`)
	quadletMount   = regexp.MustCompile(`(?m)^[ \t]*Mount[ \t]*=[ \t]*(?:\S+,)?type=image(?:,\S+)?[ \t\r]*$`)
	mountSource    = regexp.MustCompile(`[=,](?:source|src)=([^,\s]+)`)
	quadletSection = regexp.MustCompile(`(?m)^\[(Container|Image|Volume)\]`)
)

// isQuadlet goes by the extensions of Podman's units for systemd that may name an image.
func isQuadlet(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".container", ".image", ".volume":
		return true
	}
	return false
}

func holdsQuadlet(file *Document) bool { return quadletSection.Match(file.Data) }

// readQuadlet reads Image= lines, and Mount= lines of images.
func readQuadlet(r *reader) {
	for _, found := range quadletImage.FindAllSubmatchIndex(r.Data, -1) {
		r.unitImage(found[2], found[3])
	}
	for _, line := range quadletMount.FindAllIndex(r.Data, -1) {
		if found := mountSource.FindSubmatchIndex(r.Data[line[0]:line[1]]); found != nil {
			r.unitImage(line[0]+found[2], line[0]+found[3])
		}
	}
}

// unitImage takes in the image that the bytes from start to end name. A name that ends in .image or .build is another unit.
func (r *reader) unitImage(start, end int) {
	value := r.bytes(start, end)
	if unit := path.Ext(value.String()); unit != ".image" && unit != ".build" {
		r.operand(value, nil)
	}
}
