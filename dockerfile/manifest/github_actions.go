package manifest

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

var workflowName = regexp.MustCompile(`(?i)(^|/)(\.(github|gitea|forgejo)/(workflows|actions)|workflow-templates)/.+\.ya?ml$|(^|/)action\.ya?ml$`)

func isWorkflow(path string) bool {
	return isYAML(path) && hints(path, "workflow", "action") && workflowName.MatchString(path)
}

// dockerScheme marks an image where GitHub takes an action or a Dockerfile.
const dockerScheme = "docker://"

// readWorkflow reads workflows and actions: the containers of jobs, their services, the images of steps and actions, and the
// values of a matrix that such a place takes.
func readWorkflow(r *reader) {
	for _, root := range r.yaml() {
		r.behind(get(root, "runs", "image"), dockerScheme, nil)
		for job := range children(get(root, "jobs")) {
			r.job(job)
		}
		walk(root, func(mapping *yaml.Node) {
			r.behind(get(mapping, "uses"), dockerScheme, nil)
			with := get(mapping, "with")
			if image := get(with, "image"); written.MatchString(text(image)) {
				r.image(image)
			}
			r.driverImage(get(with, "driver-opts"))
		})
	}
}

// matrixValue is an expression that is one value of the matrix and nothing else.
var matrixValue = regexp.MustCompile(`^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$`)

// job takes in a job's container and services. What an entry of the matrix gives is taken in where the matrix stands.
func (r *reader) job(job *yaml.Node) {
	places := []*yaml.Node{get(job, "container"), get(job, "container", "image")}
	for service := range children(get(job, "services")) {
		places = append(places, get(service, "image"))
	}
	for _, place := range places {
		if from := matrixValue.FindStringSubmatch(text(place)); from != nil {
			r.matrix(get(job, "strategy", "matrix"), strings.Split(from[1], "."))
			continue
		}
		if isScalar(place) {
			r.image(place)
		}
	}
}

// matrix takes in the images that an axis of a matrix, or an entry that it includes, gives: names, or containers as a job has them.
func (r *reader) matrix(matrix *yaml.Node, axis []string) {
	for value := range items(get(matrix, axis[0])) {
		r.matrixEntry(get(value, axis[1:]...))
	}
	for entry := range items(get(matrix, "include")) {
		r.matrixEntry(get(entry, axis...))
	}
}

func (r *reader) matrixEntry(value *yaml.Node) {
	if isMapping(value) {
		value = get(value, "image")
	}
	if isScalar(value) {
		r.image(value)
	}
}

var driverOption = regexp.MustCompile(`(?:^|[\s,])image=([^\s,]+)`)

// driverImage takes in the image that BuildKit runs from, among the options of its driver.
func (r *reader) driverImage(options *yaml.Node) {
	if at := driverOption.FindStringSubmatchIndex(text(options)); at != nil {
		r.part(options, at[2], at[3], nil)
	}
}
