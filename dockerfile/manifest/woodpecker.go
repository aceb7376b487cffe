package manifest

import "regexp"

var woodpeckerName = regexp.MustCompile(`(?i)(^|/)\.(woodpecker|crow)(/.+)?\.ya?ml$`)

func isWoodpecker(path string) bool {
	return isYAML(path) && hints(path, ".woodpecker", ".crow") && woodpeckerName.MatchString(path)
}

// readWoodpecker reads the steps and services of Woodpecker's workflows, and of Crow's, which are the same.
func readWoodpecker(r *reader) {
	for _, root := range r.yaml() {
		r.steps(root, "steps", "services", "clone", "pipeline")
	}
}
