package manifest

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

var circleName = regexp.MustCompile(`(?i)(^|/)\.circleci/.+\.ya?ml$`)

func isCircleCI(path string) bool {
	return isYAML(path) && hints(path, ".circleci") && circleName.MatchString(path)
}

// readCircleCI reads the images under "docker", of jobs and of executors, with the defaults of their parameters. The image of a machine
// is no container image.
func readCircleCI(r *reader) {
	for _, root := range r.yaml() {
		walk(root, func(mapping *yaml.Node) {
			for container := range items(get(mapping, "docker")) {
				r.expanded(get(container, "image"), r.circleParameters(get(mapping, "parameters"), get(root, "parameters")))
			}
		})
	}
}

// circleParameter is the use of a parameter, of the job or executor itself or of the pipeline.
var circleParameter = regexp.MustCompile(`<<\s*(pipeline\.)?parameters\.([\w-]+)\s*>>`)

// circleParameters replaces parameters by their defaults: what they come to where nothing else is given.
func (r *reader) circleParameters(own, pipeline *yaml.Node) expander {
	return func(word dockerfile.Text) (dockerfile.Text, error) {
		source := word.String()
		var out dockerfile.Text
		pos := 0
		for _, found := range circleParameter.FindAllStringSubmatchIndex(source, -1) {
			scope := own
			if found[2] >= 0 {
				scope = pipeline
			}
			name := source[found[4]:found[5]]
			fallback := get(scope, name, "default")
			if text(fallback) == "" {
				return nil, dockerfile.Unfollowed("needs the parameter " + name + ", which has no default")
			}
			value, err := r.scalar(fallback)
			if err != nil || strings.Contains(value.String(), "<<") {
				return nil, errLost
			}
			out = out.Append(word.Slice(pos, found[0])...).Append(value...)
			pos = found[1]
		}
		return out.Append(word.Slice(pos, len(source))...), nil
	}
}
