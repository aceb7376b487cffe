package imports

import (
	"regexp"
	"strings"

	"github.com/basebump/basebump/config"
)

// everything stands for all images.
const everything = "**"

var (
	imageName = regexp.MustCompile(`^[a-z0-9.*_:/-]+$`)
	plainHead = regexp.MustCompile(`^\^?((?:[a-z0-9_/:-]|\\?\.|\\/|\\-)+)(\$|\.\*)?$`) // a regular expression that is but a beginning, or a whole name
)

// patterns is a name, glob or regular expression of the others as patterns of ours over canonical repositories; none when it cannot be
// said so.
func patterns(name string) []string {
	if name == "*" || name == "**" || name == "/.*/" || name == "/^.*$/" {
		return []string{everything}
	}
	if expression, ok := strings.CutPrefix(name, "/"); ok && strings.HasSuffix(expression, "/") {
		return fromExpression(strings.TrimSuffix(expression, "/"))
	}
	return canonical(name)
}

// fromExpression reads the regular expressions that say no more than a pattern.
func fromExpression(expression string) []string {
	if expression == ".*" || expression == "^.*$" {
		return []string{everything}
	}
	found := plainHead.FindStringSubmatch(expression)
	if found == nil || !strings.HasPrefix(expression, "^") {
		return nil
	}
	name := strings.ReplaceAll(found[1], `\`, "")
	if found[2] == "$" {
		return canonical(name)
	}
	return beginning(name)
}

// beginning matches every name that begins so, at whatever depth.
func beginning(name string) []string {
	if folder, ok := strings.CutSuffix(name, "/"); ok {
		return canonical(folder + "/**")
	}
	list := canonical(name + "*")
	if strings.Contains(name, "/") {
		list = append(list, canonical(name+"*/**")...)
	}
	return list
}

// canonical completes the name of an image as Docker does.
func canonical(name string) []string {
	if !imageName.MatchString(name) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "/") {
		return nil
	}
	host, rest, nested := strings.Cut(name, "/")
	switch {
	case !nested:
		name = "docker.io/library/" + name
	case host == "index.docker.io":
		name = "docker.io/" + rest
	case !strings.ContainsAny(host, ".:*") && host != "localhost":
		name = "docker.io/" + name
	}
	if new(config.Pattern).UnmarshalText([]byte(name)) != nil {
		return nil
	}
	return []string{name}
}
