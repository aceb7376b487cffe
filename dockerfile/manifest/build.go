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
		if imageName.MatchString(key) && written.MatchString(text(value)) {
			r.expanded(value, expand)
		}
	}
	for item := range items(args) {
		if key, value, ok := strings.Cut(text(item), "="); ok && imageName.MatchString(key) && written.MatchString(value) {
			r.behind(item, "=", expand)
		}
	}
}
