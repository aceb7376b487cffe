package manifest

import "go.yaml.in/yaml/v3"

// readTekton reads the steps and sidecars of tasks, wherever they stand, the defaults of parameters that they run, and the bundles that tasks come from: "bundle: image", or
// the parameter of the bundles resolver.
func readTekton(r *reader) {
	r.objects(func(object *yaml.Node) {
		walk(object, func(mapping *yaml.Node) {
			r.tektonDefaults(mapping)
			r.image(get(mapping, "bundle"))
			if text(get(mapping, "name")) == "bundle" {
				r.image(get(mapping, "value"))
			}
		})
		r.images(object)
	})
}
