package manifest

import (
	"path"
	"regexp"
	"strings"
)

var bakeName = regexp.MustCompile(`(?i)^(docker-)?bake([._-].*)?\.(hcl|json)$|[._-]bake\.(hcl|json)$`)

func isBake(name string) bool { return hints(name, "bake") && bakeName.MatchString(path.Base(name)) }

// readBake reads what the targets of a bake file build on: images in place of contexts, arguments that are images, and
// Dockerfiles that stand in the file.
func readBake(r *reader) {
	if isJSON(r.Path) {
		for _, root := range r.yaml() {
			for target := range children(get(root, "target")) {
				r.dockerImages(get(target, "contexts"), nil)
				r.buildArgs(get(target, "args"), nil)
				r.embedded(get(target, "dockerfile-inline"), readDockerfile)
			}
		}
		return
	}
	file := r.hclFile()
	for _, value := range file.values {
		if len(value.path) < 3 || value.path[0] != "target" {
			continue
		}
		switch key, last := value.path[2], value.path[len(value.path)-1]; {
		case key == "contexts" && strings.HasPrefix(file.text(value), imageScheme):
			file.takeBehind(r, value, imageScheme)
		case key == "args" && imageName.MatchString(last) && written.MatchString(file.text(value)):
			file.take(r, value)
		case key == "dockerfile-inline" && len(value.parts) == 1 && value.parts[0].name == "":
			r.within(value.parts[0].text, readDockerfile)
		}
	}
}
