package manifest

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

var gitlabName = regexp.MustCompile(`(?i)\.gitlab-ci\.ya?ml$|(^|/)\.?gitlab(-ci)?/.+\.ya?ml$`)

// isGitLab goes by the usual names, and otherwise by jobs at the top of a file: what GitLab includes may be called anything.
func isGitLab(file *Document) bool {
	if gitlabName.MatchString(file.Path) {
		return true
	}
	if !file.contains("script:") || !file.contains("image:", "services:") || file.contains("apiVersion:", "runs-on:", "pipelines:") {
		return false
	}
	for _, root := range file.yaml() {
		for job := range children(root) {
			if get(job, "script") != nil && (get(job, "image") != nil || get(job, "services") != nil) {
				return true
			}
		}
	}
	return false
}

// readGitLab reads the images and services of jobs, of their templates, and of all jobs.
func readGitLab(r *reader) {
	for _, root := range r.yaml() {
		r.gitlabJob(root, root)
		for job := range children(root) {
			r.gitlabJob(job, root)
		}
	}
}

func (r *reader) gitlabJob(job, root *yaml.Node) {
	variables := gitlabVariables{reader: r, scopes: []*yaml.Node{get(job, "variables"), get(root, "variables")}}
	r.nameOrImage(get(job, "image"), variables.expand)
	for service := range items(get(job, "services")) {
		r.nameOrImage(service, variables.expand)
	}
}

// nameOrImage takes in an image that is a string, or a mapping with a name.
func (r *reader) nameOrImage(node *yaml.Node, expand expander) {
	if isMapping(node) {
		node = get(node, "name")
	}
	if isScalar(node) {
		r.expanded(node, expand)
	}
}

// gitlabVariables are what a job may refer to, nearest first.
type gitlabVariables struct {
	*reader
	scopes []*yaml.Node
	depth  int
}

var (
	gitlabVariable  = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+)|)`)
	dependencyProxy = regexp.MustCompile(`^\$\{?CI_DEPENDENCY_PROXY_(DIRECT_)?GROUP_IMAGE_PREFIX\}?/`)
)

// expand replaces variables by what the file sets them to. The dependency proxy is a mirror, not a registry of its own.
func (v gitlabVariables) expand(word dockerfile.Text) (dockerfile.Text, error) {
	source := word.String()
	pos := len(dependencyProxy.FindString(source))
	var out dockerfile.Text
	for _, found := range gitlabVariable.FindAllStringSubmatchIndex(source, -1) {
		if found[0] < pos {
			continue
		}
		out = out.Append(word.Slice(pos, found[0])...)
		pos = found[1]
		name := strings.Trim(source[found[0]:found[1]], "${}")
		value, err := v.value(name, source[found[0]:])
		if err != nil {
			return nil, err
		}
		out = out.Append(value...)
	}
	return out.Append(word.Slice(pos, len(source))...), nil
}

// value is what a variable is set to in the nearest scope.
func (v gitlabVariables) value(name, rest string) (dockerfile.Text, error) {
	const maxDepth = 8
	for _, scope := range v.scopes {
		node := get(scope, name)
		if isMapping(node) {
			node = get(node, "value")
		}
		if !isScalar(node) || v.depth > maxDepth || name == "" {
			continue
		}
		value, err := v.scalar(node)
		if err != nil {
			return nil, err
		}
		v.depth++
		return v.expand(value)
	}
	if name == "" {
		return nil, dockerfile.Unfollowed("is filled in from outside this file (" + rest + ")")
	}
	return nil, dockerfile.Unfollowed("needs " + name + ", which is set outside this file")
}
