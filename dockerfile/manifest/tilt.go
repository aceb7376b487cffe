package manifest

import (
	"path"
	"strings"

	"github.com/bazelbuild/buildtools/build"
	"go.yaml.in/yaml/v3"
)

func isTiltfile(name string) bool {
	base := path.Base(name)
	return base == "Tiltfile" || strings.HasPrefix(base, "Tiltfile.") || strings.HasSuffix(base, ".Tiltfile") || strings.HasSuffix(base, ".tiltfile")
}

// readTiltfile reads what a Tiltfile builds on and runs: arguments called an image, build arguments called after one, Dockerfiles and
// objects that stand in it. What docker_build is given first is what it builds: no reference.
func readTiltfile(r *reader) {
	s := r.starlark()
	for _, call := range s.calls {
		s.mayBeImage(argument(call, "image"))
		if content := s.text(argument(call, "dockerfile_contents")); content != nil {
			s.within(content, readDockerfile)
		}
		if content := s.first(call); function(call) == "blob" && strings.Contains(content.String(), "image") {
			s.within(content, func(inner *reader) {
				for _, root := range inner.yaml() {
					walk(root, func(object *yaml.Node) { inner.images(object) })
				}
			})
		}
	}
	for _, pair := range s.pairs {
		if imageName.MatchString(s.text(pair.Key).String()) {
			s.mayBeImage(pair.Value)
		}
	}
}

// mayBeImage takes in an expression if it comes to an image.
func (s *starlark) mayBeImage(x build.Expr) {
	if image := s.text(x); written.MatchString(image.String()) {
		s.whole(s.span(x), image)
	}
}
