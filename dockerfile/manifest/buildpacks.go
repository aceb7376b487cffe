package manifest

import "regexp"

var (
	buildpacksName = regexp.MustCompile(`(?i)(^|/)(project|builder)\.toml$`)

	// buildpacksImage are the keys of project.toml and builder.toml that hold an image.
	buildpacksImage = regexp.MustCompile(`(?m)^[ \t]*(?:(?:io\.buildpacks\.|build\.|run\.)?(?:builder|image|run-image|build-image)[ \t]*=[ \t]*|uri[ \t]*=[ \t]*["']docker://)["']?(?P<image>[^"'\s]+)["']`)
)

func isBuildpacks(path string) bool { return hints(path, ".toml") && buildpacksName.MatchString(path) }

func readBuildpacks(r *reader) { r.pattern(buildpacksImage, "#") }
