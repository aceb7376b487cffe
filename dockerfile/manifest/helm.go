package manifest

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// noTag is why an image of a chart's values is left alone whose tag is empty.
func (r *reader) noTag() error {
	if r.tagless == "" {
		r.tagless = r.appVersion()
	}
	return r.tagless
}

func (r *reader) appVersion() dockerfile.Unfollowed {
	reason := "has no tag; the chart takes its own appVersion"
	if r.tree == nil {
		return dockerfile.Unfollowed(reason)
	}
	for _, name := range []string{"Chart.yaml", "Chart.yml"} {
		chart := newDocument(name, r.tree(path.Join(path.Dir(r.Path), name)), nil)
		for _, root := range chart.yaml() {
			if version := text(get(root, "appVersion")); version != "" {
				reason += ", which is " + version + " in its " + name
			}
		}
	}
	return dockerfile.Unfollowed(reason)
}

// valuesName are the usual names of a chart's values.
var valuesName = regexp.MustCompile(`(?i)(^|[._-])values([._-].*)?\.ya?ml$`)

// isHelmValues goes by the usual names, and otherwise by the shape that only Helm's values have: an image with a repository and
// a tag, in a file that is nothing else's.
func isHelmValues(file *Document) bool {
	if hints(file.Path, "values") && valuesName.MatchString(path.Base(file.Path)) {
		return true
	}
	return file.contains("repository:", "repository\":") && file.contains("mage") && !file.contains("apiVersion", "uses:")
}

func readHelmValues(r *reader) {
	for _, root := range r.yaml() {
		r.values(root)
	}
}

// values takes in the images of a chart's values, in any of the usual shapes, wherever they stand.
func (r *reader) values(root *yaml.Node) {
	registry := get(root, "global", "imageRegistry")
	if text(registry) == "" {
		registry = get(root, "global", "image", "registry")
	}
	r.value("", root, registry)
}

// value takes in the images of one value. key is what it is called; registry is where all images come from, if the values say so.
func (r *reader) value(key string, node, registry *yaml.Node) {
	if node == nil || r.seen[node] {
		return
	}
	r.seen[node] = true
	named := isImageKey(key) || key == "images"
	if isMapping(node) && r.shaped(node, named, registry) {
		return
	}
	for name, child := range entries(node) {
		switch {
		case !isScalar(child):
			r.value(name, child, registry)
		case isImageKey(imagePart.ReplaceAllString(name, "")) && plausible(child), key == "images" && written.MatchString(text(child)):
			r.flat(name, child, node)
		}
	}
	for item := range items(node) {
		if !isScalar(item) {
			r.value(strings.TrimSuffix(key, "s"), item, registry)
		} else if named && written.MatchString(text(item)) {
			r.image(item)
		}
	}
}

// shaped takes in a mapping that is an image of several parts; it reports whether it is one.
func (r *reader) shaped(node *yaml.Node, named bool, registry *yaml.Node) bool {
	s := split{registry: get(node, "registry"), repository: get(node, "repository"), tag: get(node, "tag"), digest: first(node, "digest", "imageDigest")}
	if text(s.repository) == "" && named {
		s.repository = first(node, "repo", "name", "image")
	}
	if text(s.tag) == "" && (named || s.tag == nil) && s.repository != nil {
		if version := first(node, "version", "imageTag"); named && version != nil {
			s.tag = version
		}
	}
	if !plausibleName(s.repository) || !named && s.tag == nil && s.digest == nil {
		return false
	}
	if !named && get(node, "url") != nil {
		return false // of a chart, or of code
	}
	if text(s.registry) == "" {
		s.registry = registry
	}
	if written.MatchString(text(s.repository)) && text(s.tag) == "" && text(s.digest) == "" {
		r.image(s.repository)
		return true
	}
	if text(s.tag) == "" && text(s.digest) == "" {
		r.seen[s.repository] = true
		r.skip(s.repository, r.noTag())
		return true
	}
	if hash := first(node, "sha", "sha256"); hash != nil && s.digest == nil {
		r.skip(s.repository, dockerfile.Unfollowed("has its digest without an algorithm; write it behind the tag"))
		return true
	}
	s.pin = r.empty(node, "digest")
	r.joined(s)
	return true
}

// flat takes in an image in one scalar, whose tag may stand beside it: "image: nginx" and "imageTag: 1.25".
func (r *reader) flat(key string, image, parent *yaml.Node) {
	base := imagePart.ReplaceAllString(key, "")
	names := []string{base + "Tag", base + "_tag", base + "Version"}
	if strings.HasPrefix(key, base+"_") {
		names = names[1:2]
	}
	tag := first(parent, names...)
	if tag == nil && key == "image" {
		tag = first(parent, "tag", "version")
	}
	if text(tag) == "" || written.MatchString(text(image)) {
		r.image(image)
		return
	}
	registry := first(parent, base+"Registry", base+"_registry")
	s := split{registry: registry, repository: image, tag: tag}
	for _, name := range []string{base + "Digest", base + "_digest", "digest"} {
		if s.digest = first(parent, name); s.digest != nil {
			break
		}
		if s.pin == nil {
			s.pin = r.empty(parent, name)
		}
	}
	r.joined(s)
}

// imagePart is how the name of a part of an image in values ends: "imageRepository" beside "imageTag".
var imagePart = regexp.MustCompile(`_?([nN]ame|[rR]epository|[rR]epo)$`)

// plausibleName reports whether a string may be an image's name.
func plausibleName(node *yaml.Node) bool {
	return plausible(node) && !strings.HasPrefix(text(node), "git@")
}

// first is the first of the keys that a mapping has with a scalar that is not empty.
func first(mapping *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if value := get(mapping, key); text(value) != "" {
			return value
		}
	}
	return nil
}
