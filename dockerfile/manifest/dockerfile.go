package manifest

import (
	"path"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// dockerfileName are the usual spellings: Dockerfile, Dockerfile.dev, Dockerfile-dev, dev.Dockerfile, and Containerfile likewise.
var dockerfileName = regexp.MustCompile(`^((docker|container)file([._-].*)?|.*[._-](docker|container)file([._-].*)?|(docker|container)file[0-9a-z]*)$`)

// notDockerfile are names that only begin like one.
var notDockerfile = regexp.MustCompile(`\.(dockerignore|containerignore|md|markdown|rst|adoc|go|py|pyc|js|ts|rb|java|rs|c|cc|h|sh|bash|ps1|json|ya?ml|toml|lock|xml|html|png|svg|zip|gz)$`)

func isDockerfile(name string) bool {
	base := strings.ToLower(path.Base(name))
	if !strings.Contains(base, "dockerfile") && !strings.Contains(base, "containerfile") {
		return false // spares all other files the expressions
	}
	return dockerfileName.MatchString(base) && !notDockerfile.MatchString(base)
}

func readDockerfile(r *reader) {
	r.out = dockerfile.Extract(r.Path, r.Data)
}
