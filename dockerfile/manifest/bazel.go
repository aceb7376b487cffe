package manifest

import (
	"path"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

var (
	bazelPull = regexp.MustCompile(`(?m)^[ \t]*(?:oci\.pull|oci_pull|container_pull|images?\.pull|pull)[ \t]*\(`)

	// bazelArgument is one named string of a call.
	bazelArgument = regexp.MustCompile(`(?:^|[(,\s])(\w+)[ \t]*=[ \t]*"([^"\n]*)"`)
)

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
	for _, call := range bazelPull.FindAllIndex(r.Data, -1) {
		end := call[1] + closingParenthesis(r.Data[call[1]:])
		args := map[string]dockerfile.Text{}
		for _, found := range bazelArgument.FindAllSubmatchIndex(r.Data[call[1]:end], -1) {
			if start := call[1] + found[4]; !r.commented(start, "#") {
				args[string(r.Data[call[1]+found[2]:call[1]+found[3]])] = r.bytes(start, call[1]+found[5])
			}
		}
		r.pulledBy(args)
	}
}

// closingParenthesis is where the parenthesis that is open at the start of source is closed, strings and comments left out.
func closingParenthesis(source []byte) int {
	depth := 1
	var quoted, comment bool
	for i, c := range source {
		switch {
		case comment:
			comment = c != '\n'
		case quoted:
			quoted = c != '"' && c != '\n'
		case c == '"':
			quoted = true
		case c == '#':
			comment = true
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(source)
}

func (r *reader) pulledBy(args map[string]dockerfile.Text) {
	name, tag, digest := args["image"], args["tag"], args["digest"]
	span, ok := name.Span()
	if repository := args["repository"]; name == nil && repository != nil {
		span, ok = repository.Span()
		if registry := args["registry"]; registry != nil {
			name = name.Append(registry...).Append(dockerfile.Run{Value: "/", At: -1})
		}
		name = name.Append(repository...)
	}
	if !ok || tag.String() == "" && digest.String() == "" && !written.MatchString(name.String()) {
		return
	}
	if written.MatchString(name.String()) {
		r.operand(name, nil)
		return
	}
	ref, err := r.Join(r.kind, span, name, tag, digest)
	if at, ok := tag.Span(); err == nil && ok && ref.Pin != nil {
		line, _ := r.Position(at.Start)
		text := string(r.Data[r.Line(line).Start:at.Start])
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		separator := ", "
		if strings.HasPrefix(strings.TrimSpace(text), "tag") {
			separator = ",\n" + indent
		}
		ref.Pin = &dockerfile.Pin{At: at.End, Before: `"` + separator + `digest = "`}
	}
	r.take(ref, err, span.Start, name.String())
}
