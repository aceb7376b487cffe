package manifest

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

const composeKind = "compose"

var composeName = regexp.MustCompile(`(?i)^(docker-)?compose([._-].*)?\.ya?ml$`)

// isCompose goes by the usual names, and otherwise by a "services" mapping at the top of a file that is nothing else's.
func isCompose(file *Document) bool {
	if composeName.MatchString(path.Base(file.Path)) {
		return true
	}
	if !file.contains("services") || !file.contains("image") {
		return false
	}
	roots, _ := file.yaml()
	for _, root := range roots {
		if services := get(root, "services"); services != nil && services.Kind == yaml.MappingNode && get(root, "apiVersion") == nil {
			return true
		}
	}
	return false
}

// extractCompose reads the services of a Compose file, and the x- blocks that they share. The image of a service with a build
// is what the build is called: no reference.
func extractCompose(file *Document) dockerfile.Extraction {
	r := file.reader(composeKind)
	roots, err := file.yaml()
	if err != nil {
		r.broken(err)
	}
	for _, root := range roots {
		for _, service := range entries(get(root, "services")) {
			r.service(service)
		}
		for key, block := range entries(root) {
			if strings.HasPrefix(key, "x-") {
				r.block(block)
			}
		}
	}
	return r.out
}

// service takes in one service.
func (r *reader) service(node *yaml.Node) {
	image := inherited(node, "image")
	if inherited(node, "build") != nil {
		if image != nil {
			r.seen[image] = true
		}
	} else {
		r.image(image, text(inherited(node, "platform")), interpolate)
	}
	for _, volume := range items(inherited(node, "volumes")) {
		if text(get(volume, "type")) == "image" {
			r.image(get(volume, "source"), "", interpolate)
		}
	}
}

// block takes in the images of a block that services may be made from.
func (r *reader) block(node *yaml.Node) {
	node = resolve(node)
	if node == nil || r.seen[node] {
		return
	}
	r.seen[node] = true
	if get(node, "build") == nil {
		r.image(get(node, "image"), text(get(node, "platform")), interpolate)
	}
	for _, child := range node.Content {
		if child.Kind != yaml.ScalarNode {
			r.block(child)
		}
	}
}

// inherited is a key's value in a mapping or in what it merges in (<<).
func inherited(node *yaml.Node, key string) *yaml.Node {
	return inherit(node, key, map[*yaml.Node]bool{})
}

func inherit(node *yaml.Node, key string, seen map[*yaml.Node]bool) *yaml.Node {
	node = resolve(node)
	if node == nil || seen[node] {
		return nil
	}
	seen[node] = true
	if own := get(node, key); own != nil {
		return own
	}
	merged := get(node, "<<")
	if merged == nil {
		return nil
	}
	if merged.Kind == yaml.MappingNode {
		return inherit(merged, key, seen)
	}
	for _, base := range items(merged) {
		if value := inherit(base, key, seen); value != nil {
			return value
		}
	}
	return nil
}
