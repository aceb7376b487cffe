package manifest

import "go.yaml.in/yaml/v3"

// readSkaffold reads what Skaffold builds on and what it runs to test. The images of artifacts are what it builds: no references.
func readSkaffold(r *reader) {
	r.objects(func(object *yaml.Node) {
		walk(object, func(mapping *yaml.Node) {
			for _, key := range []string{"builder", "runImage", "fromImage"} {
				r.image(get(mapping, key))
			}
			r.image(get(mapping, "kaniko", "image"))
			r.image(get(mapping, "container", "image"))
			for container := range items(get(mapping, "containers")) {
				r.image(get(container, "image"))
			}
			r.buildArgs(get(mapping, "buildArgs"), nil)
			r.values(get(mapping, "overrides"))
		})
	})
}
