package manifest

import "regexp"

var cloudbuildName = regexp.MustCompile(`(?i)(^|/)[^/]*cloudbuild[^/]*\.(ya?ml|json)$`)

func isCloudBuild(path string) bool {
	return hints(path, "cloudbuild") && isYAMLOrJSON(path) && cloudbuildName.MatchString(path)
}

// readCloudBuild reads the images that the steps run in. What the build is told to push is no reference.
func readCloudBuild(r *reader) {
	for _, root := range r.yaml() {
		expand := r.gitlabVariables(get(root, "substitutions"))
		for step := range items(get(root, "steps")) {
			r.expanded(get(step, "name"), expand)
		}
	}
}
