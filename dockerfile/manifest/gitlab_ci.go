package manifest

import (
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

var gitlabName = regexp.MustCompile(`(?i)\.gitlab-ci\.ya?ml$|(^|/)\.?gitlab(-ci)?/.+\.ya?ml$`)

// isGitLab goes by the usual names, and otherwise by jobs at the top of a file: what GitLab includes may be called anything.
func isGitLab(file *Document) bool {
	if hints(file.Path, "gitlab") && gitlabName.MatchString(file.Path) {
		return true
	}
	if !file.contains("script:") || !file.contains("image:", "services:") || file.contains("apiVersion:", "runs-on:", "pipelines:") {
		return false
	}
	for _, root := range file.yaml() {
		jobs, images := false, false
		for job := range children(root) {
			script, image := hasAny(job, "script"), hasAny(job, "image", "services")
			if script && image {
				return true
			}
			jobs = jobs || script && hasAny(job, "stage", "extends", "rules", "only", "needs", "before_script")
			images = images || image
		}
		if jobs && images { // of a template, or of all jobs
			return true
		}
	}
	return false
}

func hasAny(mapping *yaml.Node, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return get(mapping, key) != nil })
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
	expand := r.gitlabVariables(get(job, "variables"), get(root, "variables"))
	r.nameOrImage(get(job, "image"), expand)
	for service := range items(get(job, "services")) {
		r.nameOrImage(service, expand)
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

// dependencyProxy is a mirror, not a registry of its own.
var dependencyProxy = regexp.MustCompile(`^\$\{?CI_DEPENDENCY_PROXY_(DIRECT_)?GROUP_IMAGE_PREFIX\}?/`)

// gitlabVariables replaces variables by what the scopes, nearest first, set them to.
func (r *reader) gitlabVariables(scopes ...*yaml.Node) expander {
	expand := expandBy(func(name string) (dockerfile.Text, error) {
		for _, scope := range scopes {
			node := get(scope, name)
			if isMapping(node) {
				node = get(node, "value")
			}
			if isScalar(node) {
				return r.scalar(node)
			}
		}
		return nil, nil
	})
	return func(word dockerfile.Text) (dockerfile.Text, error) {
		source := word.String()
		return expand(word.Slice(len(dependencyProxy.FindString(source)), len(source)))
	}
}
