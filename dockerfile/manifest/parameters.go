package manifest

import (
	"regexp"

	"go.yaml.in/yaml/v3"
)

// An image that is a parameter of its own task or template, and nothing else, is taken in where the parameter's default stands, so that
// its digest goes where the name is: whoever gives the parameter another value gives another digest, or none.
var (
	tektonParameter = regexp.MustCompile(`^\$\((?:inputs\.)?params(?:\.([\w-]+)|\[['"]([\w.-]+)['"]\])\)$`)
	argoParameter   = regexp.MustCompile(`^\{\{-?\s*(inputs|workflow)\.parameters\.([\w-]+)\s*-?\}\}$`)
)

// tektonDefaults takes in the defaults of a task's parameters that its steps run.
func (r *reader) tektonDefaults(task *yaml.Node) {
	containers := []*yaml.Node{get(task, "stepTemplate")}
	for _, list := range []string{"steps", "sidecars"} {
		for container := range items(get(task, list)) {
			containers = append(containers, container)
		}
	}
	for _, container := range containers {
		image := get(container, "image")
		if use := tektonParameter.FindStringSubmatch(text(image)); use != nil {
			r.standsFor(image, get(named(get(task, "params"), use[1]+use[2]), "default"))
		}
	}
}

// argoDefaults takes in the values that templates give their own parameters, and that the workflow gives its own.
func (r *reader) argoDefaults(spec *yaml.Node) {
	for template := range items(get(spec, "templates")) {
		walk(template, func(container *yaml.Node) {
			image := get(container, "image")
			use := argoParameter.FindStringSubmatch(text(image))
			if use == nil {
				return
			}
			parameters := get(template, "inputs", "parameters")
			if use[1] == "workflow" {
				parameters = get(spec, "arguments", "parameters")
			}
			r.standsFor(image, first(named(parameters, use[2]), "value", "default"))
		})
	}
}

// standsFor takes in a value as the image that is written elsewhere as the parameter that it is the default of.
func (r *reader) standsFor(image, value *yaml.Node) {
	if text(value) != "" && plausible(value) {
		r.seen[image] = true
		r.image(value)
	}
}

// named is the entry of a list that has a name; nil when none has.
func named(list *yaml.Node, name string) *yaml.Node {
	for entry := range items(list) {
		if text(get(entry, "name")) == name {
			return entry
		}
	}
	return nil
}
