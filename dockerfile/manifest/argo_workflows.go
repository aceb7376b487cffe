package manifest

import "go.yaml.in/yaml/v3"

// readArgoWorkflows reads the images of templates, wherever they stand, and of the parameters that name one.
func readArgoWorkflows(r *reader) {
	r.objects(func(object *yaml.Node) {
		walk(object, r.argoDefaults)
		r.images(object)
	})
}
