package manifest

import "go.yaml.in/yaml/v3"

// readCrossplane reads the packages that Crossplane installs, which lie in registries as images do, and the images that objects
// of its package group name besides.
func readCrossplane(r *reader) {
	r.objects(func(object *yaml.Node) {
		r.image(get(object, "spec", "package"))
		r.images(object)
	})
}
