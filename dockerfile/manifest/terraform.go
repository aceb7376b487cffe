package manifest

import (
	"path"
	"slices"
	"strings"
)

func isTerraform(name string) bool {
	ext := path.Ext(name)
	return ext == ".tf" || ext == ".tofu"
}

// readTerraform reads docker_image resources and what is looked up of images in registries, every attribute called an image that looks like one (Kubernetes and cloud
// resources, task definitions), and variables called so.
func readTerraform(r *reader) {
	file := r.hclFile()
	for _, value := range file.values {
		last := value.path[max(len(value.path)-1, 0):]
		switch {
		case len(value.path) == 4 && value.path[1] == "docker_image" && last[0] == "name":
			file.take(r, value)
		case len(value.path) == 4 && value.path[0] == "data" && value.path[1] == "docker_registry_image" && last[0] == "name":
			if ref := file.take(r, value); ref != nil {
				ref.Pin = nil // it asks what the tag answers
			}
		case len(last) == 1 && isImageKey(last[0]) && written.MatchString(file.text(value)) && !machineImage(value.path):
			file.take(r, value)
		case len(value.path) == 3 && value.path[0] == "variable" && last[0] == "default" && imageName.MatchString(value.path[1]) && written.MatchString(file.text(value)):
			file.take(r, value)
		}
	}
}

// machineImage reports whether a resource runs on a machine, whose image is none of a registry.
func machineImage(path []string) bool {
	return slices.ContainsFunc(path, func(name string) bool {
		return strings.Contains(name, "instance") || strings.Contains(name, "droplet") || strings.HasSuffix(name, "_server") || strings.Contains(name, "virtual_machine")
	})
}
