package manifest

import (
	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

const kubernetesKind = "kubernetes"

// isKubernetes looks for the two keys that every Kubernetes object has.
func isKubernetes(file *Document) bool {
	return file.contains("apiVersion") && file.contains("kind") && file.contains("image", "Image")
}

// extractKubernetes reads objects of any kind, custom ones too: every "image" key of theirs that holds a string, and image
// volumes. What stands inside strings, such as a ConfigMap's data, is not looked at.
func extractKubernetes(file *Document) dockerfile.Extraction {
	r := file.reader(kubernetesKind)
	roots, err := file.yaml()
	if err != nil {
		r.broken(err)
	}
	for _, root := range roots {
		if text(get(root, "apiVersion")) != "" && text(get(root, "kind")) != "" {
			r.object(root)
		}
	}
	return r.out
}

// object takes in the images of an object and of all that is nested in it.
func (r *reader) object(node *yaml.Node) {
	node = resolve(node)
	if r.seen[node] {
		return
	}
	r.seen[node] = true
	for key, value := range entries(node) {
		switch value = resolve(value); {
		case key == "image" && value.Kind == yaml.ScalarNode:
			if value.Tag == "!!str" {
				r.image(value, "", nil)
			}
		case key == "image" && get(value, "reference") != nil:
			r.image(get(value, "reference"), "", nil)
		case value.Kind != yaml.ScalarNode:
			r.object(value)
		}
	}
	for _, item := range items(node) {
		if item = resolve(item); item.Kind != yaml.ScalarNode {
			r.object(item)
		}
	}
}
