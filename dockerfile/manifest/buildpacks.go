package manifest

import (
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

var buildpacksName = regexp.MustCompile(`(?i)(^|/)(project|builder|buildpack|package)\.toml$`)

func isBuildpacks(path string) bool { return hints(path, ".toml") && buildpacksName.MatchString(path) }

// holdsBuildpacks leaves files of other tools that have the same names alone.
func holdsBuildpacks(file *Document) bool {
	return file.contains("image", "builder", dockerScheme)
}

// readBuildpacks reads the builder that a project is built with, the images that a builder is made of, and the packages that either
// takes from a registry.
func readBuildpacks(r *reader) {
	r.tomlStrings(func(path []string, value dockerfile.Text, at int) {
		source := value.String()
		switch path[len(path)-1] {
		case "builder", "image", "run-image", "build-image":
			if why := value.Why(); why != "" {
				r.take(dockerfile.Reference{}, dockerfile.Unfollowed(why), at, "")
			} else if source != "" && !strings.ContainsAny(source, " \t\n") {
				r.operand(value, nil)
			}
		case "uri":
			if strings.HasPrefix(source, dockerScheme) {
				r.operand(value.Slice(len(dockerScheme), len(source)), nil)
			}
		}
	})
}
