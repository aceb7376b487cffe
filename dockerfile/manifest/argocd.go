package manifest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// readArgoCD reads what Applications and ApplicationSets give to Helm and to Kustomize.
func readArgoCD(r *reader) {
	r.objects(func(object *yaml.Node) {
		walk(object, func(source *yaml.Node) {
			r.helmSource(get(source, "helm"))
			for image := range items(get(source, "kustomize", "images")) {
				r.override(image)
			}
		})
	})
}

// helmSource takes in the values of a chart: as an object, as a file in a string, or one by one.
func (r *reader) helmSource(helm *yaml.Node) {
	r.values(get(helm, "valuesObject"))
	if values := get(helm, "values"); isMapping(values) {
		r.values(values)
	} else {
		r.embedded(values, readHelmValues)
	}
	parameters := map[string]*yaml.Node{}
	var names []string
	for parameter := range items(get(helm, "parameters")) {
		name, value := text(get(parameter, "name")), get(parameter, "value")
		if isScalar(value) {
			parameters[name] = value
			names = append(names, name)
		}
	}
	for _, name := range names {
		r.parameter(parameters, name)
	}
}

// parameter takes in a parameter that is an image: "image.repository" and what belongs to it, or an image in one value.
func (r *reader) parameter(all map[string]*yaml.Node, name string) {
	prefix, last := "", name
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		prefix, last = name[:at+1], name[at+1:]
	}
	switch {
	case isImageKey(last) && plausible(all[name]) && written.MatchString(text(all[name])):
		r.image(all[name])
	case last == "tag" && all[prefix+"repository"] == nil && prefix != "":
		r.skip(all[name], dockerfile.Unfollowed("is the tag of an image that the chart names; set "+prefix+"repository beside it"))
	case last == "repository" && all[prefix+"tag"] != nil:
		r.joined(split{registry: all[prefix+"registry"], repository: all[name], tag: all[prefix+"tag"], digest: all[prefix+"digest"]})
	}
}

// override takes in an entry of Kustomize's command line: "[old=]image[:tag][@digest]".
func (r *reader) override(node *yaml.Node) {
	if strings.Contains(text(node), "=") {
		r.behind(node, "=", nil)
	} else {
		r.image(node)
	}
}
