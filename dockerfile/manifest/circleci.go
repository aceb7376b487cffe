package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

var circleName = regexp.MustCompile(`(?i)(^|/)\.circleci/.+\.ya?ml$`)

func isCircleCI(path string) bool {
	return isYAML(path) && hints(path, ".circleci") && circleName.MatchString(path)
}

// readCircleCI reads the images under "docker", of jobs and of executors. The image of a machine is no container image.
func readCircleCI(r *reader) {
	for _, root := range r.yaml() {
		walk(root, func(mapping *yaml.Node) {
			for container := range items(get(mapping, "docker")) {
				r.image(get(container, "image"))
			}
		})
	}
}
