package manifest

import (
	"path"
	"slices"
	"strings"
)

func isNomad(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".nomad" || ext == ".hcl"
}

// holdsNomad leaves HCL that describes no job to others.
func holdsNomad(file *Document) bool {
	return file.contains("job \"", "job\t\"") && file.contains("image")
}

// readNomad reads the image in the configuration of tasks; Podman's driver also takes one with a scheme.
func readNomad(r *reader) {
	file := r.hclFile()
	for _, value := range file.values {
		n := len(value.path)
		if n > 3 && value.path[0] == "job" && value.path[n-1] == "image" && value.path[n-2] == "config" && slices.Contains(value.path, "task") {
			file.takeBehind(r, value, schemeOf(file.text(value)))
		}
	}
}

// schemeOf is the scheme that a value begins with, if it is Docker's.
func schemeOf(value string) string {
	if strings.HasPrefix(value, dockerScheme) {
		return dockerScheme
	}
	return ""
}
