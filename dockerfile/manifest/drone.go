package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

var droneName = regexp.MustCompile(`(?i)(^|/)\.?drone([._-][^/]*)?\.ya?ml$`)

func isDrone(path string) bool {
	return isYAML(path) && hints(path, "drone") && droneName.MatchString(path)
}

// readDrone reads the steps and services of Drone's pipelines, old and new.
func readDrone(r *reader) {
	for _, root := range r.yaml() {
		r.steps(root, "steps", "services", "pipeline", "clone")
	}
}

// steps takes in the images of steps that stand in lists or under their names.
func (r *reader) steps(root *yaml.Node, keys ...string) {
	for _, key := range keys {
		for step := range children(get(root, key)) {
			r.image(get(step, "image"))
		}
	}
}
