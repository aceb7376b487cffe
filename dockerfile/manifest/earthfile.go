package manifest

import (
	"path"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// earthLine is an ARG with a default, a FROM, or the image that Docker pulls inside a build.
var earthLine = regexp.MustCompile(`(?m)^[ \t]*(?:ARG(?:[ \t]+--\S+)*[ \t]+(?P<name>\w+)[ \t]*=[ \t]*["']?(?P<value>[^"'\s]*)|FROM(?P<flags>(?:[ \t]+--\S+)*)[ \t]+(?P<image>[^\s\\]+)|WITH DOCKER\b[^\n]*?--pull[ =](?P<pull>\S+))`)

func isEarthfile(name string) bool { return strings.HasPrefix(path.Base(name), "Earthfile") }

// readEarthfile reads the images that targets come from, with the ARGs above them in the file. A name with a plus is a target;
// DOCKERFILE is a keyword.
func readEarthfile(r *reader) {
	args := map[string]dockerfile.Text{}
	expand := expandBy(func(name string) (dockerfile.Text, error) { return args[name], nil })
	group := earthLine.SubexpIndex
	for _, found := range earthLine.FindAllSubmatchIndex(r.Data, -1) {
		part := func(name string) dockerfile.Text {
			if at := 2 * group(name); found[at] >= 0 {
				return r.bytes(found[at], found[at+1])
			}
			return nil
		}
		switch image := part("image"); {
		case part("name") != nil:
			args[part("name").String()] = part("value")
		case part("pull") != nil:
			r.operand(part("pull"), expand)
		case !strings.Contains(image.String(), "+") && image.String() != "DOCKERFILE" && image.String() != "scratch":
			if ref := r.operand(image, expand); ref != nil {
				_, platform, _ := strings.Cut(part("flags").String(), "--platform=")
				if platform, _, _ = strings.Cut(platform, " "); !strings.Contains(platform, "$") {
					ref.Platform = platform
				}
			}
		}
	}
}
