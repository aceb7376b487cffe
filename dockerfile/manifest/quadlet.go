package manifest

import (
	"path"
	"regexp"
	"strings"
)

var (
	quadletImage   = regexp.MustCompile(`(?m)^[ \t]*Image[ \t]*=[ \t]*(?P<image>\S+)[ \t\r]*$`)
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

// readQuadlet reads Image= lines. A name that ends in .image or .build is another unit.
func readQuadlet(r *reader) {
	for _, found := range quadletImage.FindAllSubmatchIndex(r.Data, -1) {
		value := r.bytes(found[2], found[3])
		if unit := path.Ext(value.String()); unit != ".image" && unit != ".build" {
			r.operand(value, nil)
		}
	}
}
