package manifest

import (
	"path"
	"regexp"
	"strings"
)

func isHelmChart(name string) bool {
	base := strings.ToLower(path.Base(name))
	return base == "chart.yaml" || base == "chart.yml"
}

// readHelmChart reads the lists of images that a chart's annotations carry, as YAML in a string.
func readHelmChart(r *reader) {
	for _, root := range r.yaml() {
		for key, value := range entries(get(root, "annotations")) {
			if key != "images" && !strings.HasSuffix(key, "/images") {
				continue
			}
			r.embedded(value, func(inner *reader) {
				for _, list := range inner.yaml() {
					for image := range items(list) {
						inner.image(get(image, "image"))
					}
				}
			})
		}
	}
}

var (
	helmTemplateName = regexp.MustCompile(`(?i)(^|/)templates/.+\.(ya?ml|tpl)$`)

	// helmTemplateImage is a line of a template that names an image outright.
	helmTemplateImage = regexp.MustCompile(`(?m)^[ \t]*(?:-[ \t]+)?["']?image["']?:[ \t]+["']?(?P<image>[^\s"'{}#]+[:@][^\s"'{}#]+)["']?[ \t]*(?:#.*)?\r?$`)
)

func isHelmTemplate(name string) bool {
	return hints(name, "templates/") && helmTemplateName.MatchString(name)
}

// holdsHelmTemplate leaves files without placeholders to the kinds that read plain YAML.
func holdsHelmTemplate(file *Document) bool { return file.contains("{{") }

// readHelmTemplate reads the images that stand in a template themselves. What a template takes from the values is found there.
func readHelmTemplate(r *reader) { r.pattern(helmTemplateImage, "#") }
