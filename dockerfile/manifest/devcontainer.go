package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

var devcontainerName = regexp.MustCompile(`(?i)(^|/)(\.devcontainer(/[^/]+)?/devcontainer|\.devcontainer)\.json$`)

func isDevcontainer(path string) bool {
	return isJSON(path) && hints(path, "devcontainer") && devcontainerName.MatchString(path)
}

// readDevcontainer reads the image of a development container, what its build is told, and its features, which lie in registries
// as images do.
func readDevcontainer(r *reader) {
	for _, root := range r.yaml() {
		r.image(get(root, "image"))
		r.buildArgs(get(root, "build", "args"), nil)
		if features := get(root, "features"); isMapping(features) {
			for i := 0; i < len(features.Content); i += 2 {
				if key := features.Content[i]; written.MatchString(key.Value) {
					r.feature(key)
				}
			}
		}
	}
}

// feature takes in a feature, which is named by a tag or by a digest: the tools refuse one with both.
func (r *reader) feature(key *yaml.Node) {
	if ref := r.expanded(key, nil); ref != nil {
		ref.Pin = nil
	}
}
