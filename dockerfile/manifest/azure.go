package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

var azureName = regexp.MustCompile(`(?i)(^|/)[^/]*azure[-_.]?pipelines?[^/]*\.ya?ml$|(^|/)\.?(azure[-_]?pipelines?|azuredevops|azdo|pipelines?|vsts)/.+\.ya?ml$`)

func isAzure(path string) bool {
	return isYAML(path) && hints(path, "azure", "azdo", "pipeline", "vsts") && azureName.MatchString(path)
}

// readAzure reads the containers that a pipeline declares, and those that jobs name outright. A job may also name a declared one.
func readAzure(r *reader) {
	for _, root := range r.yaml() {
		declared := map[string]bool{}
		for container := range items(get(root, "resources", "containers")) {
			declared[text(get(container, "container"))] = true
			if get(container, "type") == nil {
				r.image(get(container, "image"))
			}
		}
		walk(root, func(mapping *yaml.Node) {
			container := get(mapping, "container")
			if isMapping(container) {
				r.image(get(container, "image"))
			} else if !declared[text(container)] && get(mapping, "image") == nil && plausible(container) {
				r.image(container)
			}
		})
	}
}
