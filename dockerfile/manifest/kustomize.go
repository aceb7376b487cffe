package manifest

import (
	"path"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

var kustomizationName = regexp.MustCompile(`(?i)^kustomization\.ya?ml$`)

func isKustomization(name string) bool {
	return hints(name, "kustomization") && kustomizationName.MatchString(path.Base(name))
}

// isKustomize goes by the name that Kustomize looks for, and by the API group, which components under other names carry.
func isKustomize(file *Document) bool {
	return isKustomization(file.Path) || file.contains("kustomize.config.k8s.io/")
}

// readKustomize reads the image transformer's entries, the values of charts, and patches that stand in the file.
func readKustomize(r *reader) {
	named := isKustomization(r.Path)
	for _, root := range r.yaml() {
		if !named && owner(root) != r.kind {
			continue
		}
		r.kustomizeImages(get(root, "images"))
		for chart := range items(get(root, "helmCharts")) {
			r.values(get(chart, "valuesInline"))
		}
		for patch := range items(get(root, "patches")) {
			r.patch(get(patch, "patch"))
		}
		for patch := range items(get(root, "patchesStrategicMerge")) {
			r.patch(patch)
		}
	}
}

// kustomizeImages takes in entries of name, newName, newTag and digest. Kustomize sets what they give and keeps the rest of what
// the resources say.
func (r *reader) kustomizeImages(images *yaml.Node) {
	for image := range items(images) {
		s := split{repository: first(image, "newName", "name"), tag: get(image, "newTag"), digest: get(image, "digest")}
		switch {
		case s.repository == nil:
			continue
		case text(s.tag) == "" && text(s.digest) == "":
			if get(image, "newName") != nil {
				r.skip(s.repository, dockerfile.Unfollowed("has no newTag; the tag stands in the resources"))
			}
			continue
		}
		if s.pin = r.empty(image, "digest"); s.pin == nil && text(s.digest) == "" {
			s.pin = r.beside(image, s.tag, "digest")
		}
		r.joined(s)
	}
}

// patch takes in the images of a patch that is written into the file: whole objects, or operations.
func (r *reader) patch(node *yaml.Node) {
	if strings.Contains(text(node), "image") {
		r.embedded(node, func(inner *reader) {
			for _, root := range inner.yaml() {
				inner.images(root)
				for operation := range items(root) {
					if strings.HasSuffix(text(get(operation, "path")), "/image") {
						inner.image(get(operation, "value"))
					}
				}
			}
		})
	}
}
