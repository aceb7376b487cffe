package manifest

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var composeName = regexp.MustCompile(`(?i)^(docker-|podman-)?compose([._-].*)?\.ya?ml$`)

// isCompose goes by the usual names, and otherwise by a "services" mapping at the top of a file that is nothing else's.
func isCompose(file *Document) bool {
	if composeName.MatchString(path.Base(file.Path)) {
		return true
	}
	if !file.contains("\nservices:", "services:") || !file.contains("image", "build") {
		return false
	}
	for _, root := range file.yaml() {
		if isMapping(get(root, "services")) && get(root, "apiVersion") == nil {
			return true
		}
	}
	return false
}

// readCompose reads the services of a Compose file, and the x- blocks that they share. The image of a service with a build is
// what the build is called: no reference.
func readCompose(r *reader) {
	for _, root := range r.yaml() {
		for service := range children(get(root, "services")) {
			r.service(service)
		}
		for key, block := range entries(root) {
			if strings.HasPrefix(key, "x-") {
				r.block(block)
			}
		}
	}
}

// service takes in one service.
func (r *reader) service(node *yaml.Node) {
	image, build := inherited(node, "image"), inherited(node, "build")
	switch {
	case build == nil:
		r.serviceImage(image, inherited(node, "platform"))
	case image != nil:
		r.seen[image] = true
	}
	r.composeBuild(build)
	for volume := range items(inherited(node, "volumes")) {
		if text(get(volume, "type")) == "image" {
			r.expanded(get(volume, "source"), interpolate)
		}
	}
}

func (r *reader) serviceImage(image, platform *yaml.Node) {
	if ref := r.expanded(image, interpolate); ref != nil && !strings.Contains(text(platform), "$") {
		ref.Platform = text(platform)
	}
}

// composeBuild takes in what a build names: images that stand in for contexts, images in arguments, and a Dockerfile of its own.
func (r *reader) composeBuild(build *yaml.Node) {
	if build == nil || r.seen[build] {
		return
	}
	r.seen[build] = true
	r.dockerImages(get(build, "additional_contexts"), interpolate)
	r.buildArgs(get(build, "args"), interpolate)
	if inline := get(build, "dockerfile_inline"); inline != nil {
		r.embedded(inline, readDockerfile)
	}
}

// block takes in the images of a block that services may be made from.
func (r *reader) block(node *yaml.Node) {
	if node == nil || r.seen[node] {
		return
	}
	r.seen[node] = true
	if get(node, "build") == nil {
		r.serviceImage(get(node, "image"), get(node, "platform"))
	}
	for child := range children(node) {
		if !isScalar(child) {
			r.block(child)
		}
	}
}

// inherited is a key's value in a mapping or in what it merges in (<<).
func inherited(node *yaml.Node, key string) *yaml.Node {
	return inherit(node, key, map[*yaml.Node]bool{})
}

func inherit(node *yaml.Node, key string, seen map[*yaml.Node]bool) *yaml.Node {
	if node = resolve(node); node == nil || seen[node] {
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
	if isMapping(merged) {
		return inherit(merged, key, seen)
	}
	for base := range items(merged) {
		if value := inherit(base, key, seen); value != nil {
			return value
		}
	}
	return nil
}
