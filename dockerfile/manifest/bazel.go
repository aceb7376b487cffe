package manifest

import (
	"path"
	"strings"

	"github.com/bazelbuild/buildtools/build"

	"github.com/basebump/basebump/dockerfile"
)

// bazelPull are the rules and module extensions that pull an image.
var bazelPull = map[string]bool{"oci.pull": true, "oci_pull": true, "container_pull": true, "image.pull": true, "images.pull": true, "pull": true}

func isBazel(name string) bool {
	switch base := path.Base(name); base {
	case "MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod":
		return true
	default:
		return strings.HasSuffix(base, ".MODULE.bazel") || path.Ext(base) == ".bzl"
	}
}

func holdsBazel(file *Document) bool { return file.contains("pull(", "pull (") }

// readBazel reads the images that rules pull: image, or registry and repository, with a tag and a digest of their own.
func readBazel(r *reader) {
	s := r.starlark()
	for _, call := range s.calls {
		if bazelPull[function(call)] {
			s.pulled(call)
		}
	}
}

func (s *starlark) pulled(call *build.CallExpr) {
	operand := argument(call, "image")
	name := s.text(operand)
	if operand == nil {
		operand = argument(call, "repository")
		name = s.text(operand)
		if registry := s.text(argument(call, "registry")); registry != nil {
			name = registry.Append(dockerfile.Run{Value: "/", At: -1}).Append(name...)
		}
	}
	tag, digest := s.text(argument(call, "tag")), s.text(argument(call, "digest"))
	switch {
	case operand == nil, name != nil && tag == nil && digest == nil && !written.MatchString(name.String()):
		return
	case name == nil, tag == nil && argument(call, "tag") != nil:
		name = dockerfile.Text{{At: -1, Why: "is put together in a way that cannot be followed; write the image and its tag themselves"}}
	case written.MatchString(name.String()):
		s.whole(s.span(operand), name)
		return
	}
	span := s.span(operand)
	ref, err := s.Join(s.kind, span, name, tag, digest)
	if err == nil && ref.Pin != nil {
		ref.Pin = s.besideTag(argument(call, "tag"))
		if given, ok := argument(call, "reproducible").(*build.Ident); ok && given.Name == "False" {
			ref.Pin = nil // rules_oci wants a tag alone there
		}
	}
	s.take(ref, err, span.Start, string(s.Data[span.Start:span.End]))
}

// besideTag is where a digest would go: behind the tag, on a line of its own if the tag has one.
func (s *starlark) besideTag(tag build.Expr) *dockerfile.Pin {
	if tag == nil {
		return nil
	}
	start, end := tag.Span()
	line, _ := s.Position(start.Byte)
	text := string(s.Data[s.Line(line).Start:start.Byte])
	separator := ", "
	if indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]; strings.HasPrefix(text[len(indent):], "tag") {
		separator = ",\n" + indent
	}
	return &dockerfile.Pin{At: end.Byte, Before: separator + `digest = "`, After: `"`}
}
