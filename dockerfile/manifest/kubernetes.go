package manifest

import (
	"bytes"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// isObject looks for the two keys that every Kubernetes object has. A file of nothing but opaque objects, written the usual way,
// is not worth parsing: definitions of custom resources are the largest files there are.
func isObject(file *Document) bool {
	if !file.contains("apiVersion") || !file.contains("kind") {
		return false
	}
	if file.contains("\n{", "\n[") || isJSON(file.Path) {
		return true
	}
	found := false
	for line := range bytes.Lines(file.Data) {
		if name, ok := bytes.CutPrefix(line, []byte("kind:")); ok {
			found = true
			if !opaque[string(bytes.Trim(name, " \t\r\n\"'"))] {
				return true
			}
		}
	}
	return !found
}

// isObjectOf looks for objects of an API group.
func isObjectOf(group string) func(*Document) bool {
	return func(file *Document) bool { return file.contains(group) && isObject(file) }
}

// isObjectWithImage leaves out files in which nothing is called an image: most have none, and parsing costs the most.
func isObjectWithImage(file *Document) bool { return file.contains("mage", "IMAGE") && isObject(file) }

// workflows are the objects of Argo's API group that describe work rather than what Argo CD deploys.
var workflows = regexp.MustCompile(`^(Cluster|Cron)?Workflow|^(Sensor|EventSource|EventBus)$`)

// owner is the kind that an object belongs to, by its API group.
func owner(object *yaml.Node) string {
	group, _, _ := strings.Cut(text(get(object, "apiVersion")), "/")
	kind := text(get(object, "kind"))
	switch {
	case group == "argoproj.io" && strings.HasPrefix(kind, "App"):
		return "argocd"
	case group == "argoproj.io" && workflows.MatchString(kind):
		return "argo-workflows"
	case strings.HasSuffix(group, ".fluxcd.io"):
		return "flux"
	case group == "tekton.dev", strings.HasSuffix(group, ".tekton.dev"):
		return "tekton"
	case group == "pkg.crossplane.io", group == "meta.pkg.crossplane.io":
		return "crossplane"
	case strings.HasSuffix(group, ".knative.dev"):
		return "knative"
	case group == "kustomize.config.k8s.io":
		return "kustomize"
	case group == "skaffold":
		return "skaffold"
	}
	return "kubernetes"
}

// objects walks the objects of the reader's own kind, those in lists too.
func (r *reader) objects(read func(object *yaml.Node)) {
	for _, root := range r.yaml() {
		r.object(root, read)
	}
}

func (r *reader) object(node *yaml.Node, read func(object *yaml.Node)) {
	kind := text(get(node, "kind"))
	if text(get(node, "apiVersion")) == "" || kind == "" {
		return
	}
	if strings.HasSuffix(kind, "List") {
		for item := range items(get(node, "items")) {
			r.object(item, read)
		}
		return
	}
	if owner(node) == r.kind {
		read(node)
	}
}

// opaque are the kinds whose "image" keys are data or schema.
var opaque = map[string]bool{"ConfigMap": true, "Secret": true, "CustomResourceDefinition": true, "Event": true, "ImageStream": true}

// readObjects reads objects of any kind, custom ones too.
func readObjects(r *reader) {
	r.objects(func(object *yaml.Node) {
		if !opaque[text(get(object, "kind"))] {
			r.images(object)
		}
	})
}

// imageKey is what fields that may hold an image are called.
var imageKey = regexp.MustCompile(`(^i|I|_i)mage(_?([nN]ame|[rR]ef|[rR]eference|URI|[uU]ri|URL|[uU]rl))?$`)

func isImageKey(key string) bool { return strings.Contains(key, "mage") && imageKey.MatchString(key) }

// images takes in every image in an object: container images wherever a Pod is described, image volumes, fields of custom
// resources that are called an image, and what operators are told in variables and arguments. Strings that hold other files are
// not looked at.
func (r *reader) images(node *yaml.Node) {
	if node == nil || r.seen[node] {
		return
	}
	r.seen[node] = true
	for key, value := range entries(node) {
		switch {
		case !isScalar(value):
			if key == "image" {
				r.image(get(value, "reference"))
			}
			if !isMapping(value) || !isImageKey(key) || !r.shaped(value, true, nil) {
				r.images(value)
			}
		case (key == "image" || key == "baseImage") && r.versioned(node, value):
		case key == "image" && (isContainer(node) || plausible(value)), isImageKey(key) && written.MatchString(text(value)):
			r.image(value)
		case key == "value" && operatorVariable.MatchString(text(get(node, "name"))) && written.MatchString(text(value)):
			r.image(value)
		}
	}
	for item := range items(node) {
		if !isScalar(item) {
			r.images(item)
		} else if flag := imageFlag.FindString(text(item)); flag != "" && written.MatchString(text(item)[len(flag):]) {
			r.behind(item, flag, nil)
		}
	}
}

// versioned takes in an image of a custom resource whose tag stands beside it; it reports whether it is one.
func (r *reader) versioned(object, image *yaml.Node) bool {
	tag := first(object, "tag", "version")
	if tag == nil || isContainer(object) || !plausible(image) || written.MatchString(text(image)) {
		return false
	}
	ref := r.joined(split{repository: image, tag: tag, digest: get(object, "digest"), pin: r.empty(object, "digest")})
	if ref != nil && tag == get(object, "version") {
		ref.Pin = r.empty(object, "digest") // a version means more to an operator than a tag
	}
	return true
}

// isContainer reports whether a mapping describes a container, whose image is one whatever it looks like.
func isContainer(node *yaml.Node) bool {
	return get(node, "name") != nil || get(node, "command") != nil || get(node, "args") != nil
}

// plausible reports whether a string may be an image: not a picture, a URL or a sentence.
func plausible(node *yaml.Node) bool {
	value := strings.TrimSpace(text(node))
	return isScalar(node) && node.Tag == "!!str" && value != "" && !strings.ContainsAny(value, " \t\n") && !strings.Contains(value, "://") && !picture.MatchString(value)
}

var (
	picture          = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|vmdk|raw)$|^[./]|^data:`)
	operatorVariable = regexp.MustCompile(`^RELATED_IMAGE_|(^|_)IMAGE$`)
	imageFlag        = regexp.MustCompile(`^--?[a-z0-9-]*image=`)
)
