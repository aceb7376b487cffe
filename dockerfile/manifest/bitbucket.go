package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

var bitbucketName = regexp.MustCompile(`(?i)(^|/)bitbucket-pipelines\.ya?ml$`)

func isBitbucket(path string) bool {
	return isYAML(path) && hints(path, "bitbucket") && bitbucketName.MatchString(path)
}

// readBitbucket reads the images of pipelines, steps and services, and pipes that are images.
func readBitbucket(r *reader) {
	for _, root := range r.yaml() {
		walk(root, func(mapping *yaml.Node) {
			r.nameOrImage(get(mapping, "image"), nil)
			r.behind(get(mapping, "pipe"), dockerScheme, nil)
		})
	}
}
