package manifest

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// containerModules run an image; imageModules pull one.
var (
	containerModules = map[string]bool{"docker_container": true, "docker_swarm_service": true, "podman_container": true}
	imageModules     = map[string]bool{"docker_image": true, "docker_image_pull": true, "podman_image": true}
)

// isAnsible looks for the modules that have to do with images: playbooks and tasks may be called anything.
func isAnsible(file *Document) bool {
	return file.contains("docker_container:", "docker_image:", "docker_image_pull:", "docker_swarm_service:", "podman_container:", "podman_image:")
}

// readAnsible reads the tasks of playbooks and roles, under a module's short or full name.
func readAnsible(r *reader) {
	for _, root := range r.yaml() {
		walk(root, func(task *yaml.Node) {
			for key, arguments := range entries(task) {
				module := key[strings.LastIndexByte(key, '.')+1:]
				switch {
				case containerModules[module]:
					r.image(get(arguments, "image"))
				case imageModules[module] && get(arguments, "build") == nil && text(get(arguments, "state")) != "absent":
					r.pulled(module, arguments)
				}
			}
		})
	}
}

// pulled takes in an image whose tag may stand beside its name. Docker's modules take nothing but a tag there: Podman's put it behind
// the name as it is.
func (r *reader) pulled(module string, arguments *yaml.Node) {
	name, tag := get(arguments, "name"), get(arguments, "tag")
	switch {
	case text(name) == "":
	case text(tag) == "" || written.MatchString(text(name)):
		r.image(name)
	default:
		if ref := r.joined(split{repository: name, tag: tag}); ref != nil && module != "podman_image" {
			ref.Pin = nil
		}
	}
}
