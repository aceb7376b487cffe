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
	if hints(file.Path, "compose") && composeName.MatchString(path.Base(file.Path)) {
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

// readCompose reads a Compose file as the project that it is when Compose is started with it alone: with the .env file beside it,
// and with the files that it includes and extends.
func readCompose(r *reader) {
	p := &project{root: r.Path, seen: map[string]bool{r.Path: true}}
	p.file(r, []string{path.Join(path.Dir(r.Path), dotenv)})
}

// composeReader reads one Compose file in the environment of its project.
type composeReader struct {
	*reader
	env environment
}

// read takes in the services of a file, and the x- blocks that they share. The image of a service with a build is what the build is
// called: no reference.
func (c *composeReader) read() {
	for _, root := range c.yaml() {
		for service := range children(get(root, "services")) {
			c.service(service)
		}
		for key, block := range entries(root) {
			if strings.HasPrefix(key, "x-") {
				c.block(block)
			}
		}
	}
}

// service takes in one service.
func (c *composeReader) service(node *yaml.Node) {
	image, build := inherited(node, "image"), inherited(node, "build")
	switch {
	case build == nil:
		c.serviceImage(image, inherited(node, "platform"))
	case image != nil:
		c.seen[image] = true
	}
	c.build(build)
	for volume := range items(inherited(node, "volumes")) {
		if text(get(volume, "type")) == "image" {
			c.expanded(get(volume, "source"), c.env.interpolate)
		}
	}
}

func (c *composeReader) serviceImage(image, platform *yaml.Node) {
	if ref := c.expanded(image, c.env.interpolate); ref != nil && !strings.Contains(text(platform), "$") {
		ref.Platform = text(platform)
	}
}

// build takes in what a build names: images that stand in for contexts, images in arguments, and a Dockerfile of its own.
func (c *composeReader) build(build *yaml.Node) {
	if build == nil || c.seen[build] {
		return
	}
	c.seen[build] = true
	c.dockerImages(get(build, "additional_contexts"), c.env.interpolate)
	c.buildArgs(get(build, "args"), c.env.interpolate)
	c.inline(get(build, "dockerfile_inline"))
}

// inline takes in a Dockerfile, in which Compose replaces its own variables first: a $ of the Dockerfile's is written twice. What is
// not set is left to the Dockerfile.
func (c *composeReader) inline(node *yaml.Node) {
	if text(node) == "" || c.seen[node] {
		return
	}
	c.seen[node] = true
	value, err := c.scalar(node)
	if err == nil {
		loose := environment{files: c.env.files, loose: true}
		value, err = loose.interpolate(value)
	}
	if err != nil {
		c.skip(node, err)
		return
	}
	c.within(value, readDockerfile)
}

// block takes in the images of a block that services may be made from.
func (c *composeReader) block(node *yaml.Node) {
	if node == nil || c.seen[node] {
		return
	}
	c.seen[node] = true
	if get(node, "build") == nil {
		c.serviceImage(get(node, "image"), get(node, "platform"))
	}
	for child := range children(node) {
		if !isScalar(child) {
			c.block(child)
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
