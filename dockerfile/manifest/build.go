package manifest

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// imageScheme marks an image where a build takes a folder, a URL or an image.
const imageScheme = "docker-image://"

// dockerImages takes in the images among a build's named contexts: "name: docker-image://image", or "name=docker-image://image"
// in a list.
func (r *reader) dockerImages(contexts *yaml.Node, expand expander) {
	for context := range children(contexts) {
		r.behind(context, imageScheme, expand)
	}
}

// imageName is what people call a variable that holds an image.
var imageName = regexp.MustCompile(`(?i)(^|_)(base_?)?(image|img|from|builder)$|(^|_)image_|^(base|image)`)

// written is an image with a tag or a digest: what a value must look like where nothing else says that it is one.
var written = regexp.MustCompile(`^[a-zA-Z0-9.\[\]:_/-]+(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$`)

// buildArgs takes in the images among a build's arguments: those whose name says image and whose value has a tag or a digest.
// A tag alone ("NODE_VERSION: 20") says nothing without the Dockerfile.
func (r *reader) buildArgs(args *yaml.Node, expand expander) {
	for key, value := range entries(args) {
		if imageName.MatchString(key) && r.comesToImage(value, 0, expand) {
			r.expanded(value, expand)
		}
	}
	for item := range items(args) {
		if key, _, ok := strings.Cut(text(item), "="); ok && imageName.MatchString(key) && r.comesToImage(item, len(key)+1, expand) {
			r.behind(item, "=", expand)
		}
	}
}

// comesToImage reports whether a scalar, from an offset on, is an image with a tag or a digest once its variables are replaced.
func (r *reader) comesToImage(node *yaml.Node, start int, expand expander) bool {
	source := text(node)
	if expand == nil || !strings.Contains(source, "$") {
		return written.MatchString(source[min(start, len(source)):])
	}
	value, err := r.scalar(node)
	if err == nil {
		value, err = expand(value.Slice(start, len(source)))
	}
	return err == nil && written.MatchString(value.String())
}
