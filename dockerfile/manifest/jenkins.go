package manifest

import (
	"path"
	"regexp"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

var jenkinsName = regexp.MustCompile(`(?i)^jenkinsfile([._-].*)?$|[._-]jenkinsfile$`)

func isJenkinsfile(name string) bool {
	return hints(name, "jenkins") && jenkinsName.MatchString(path.Base(name))
}

// groovyToken is a comment, a string, a name with its dots, or a sign. Jenkins runs Groovy, for which there is no parser here; where
// comments and strings begin and end is enough.
var groovyToken = regexp.MustCompile(`//.*|(?s:/\*.*?\*/)|(?s:'''(?:\\.|[^\\])*?'''|"""(?:\\.|[^\\])*?""")|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\w+(?:\.\w+)*|[^\s\w]`)

// jenkinsImage are the names that an image stands behind: agent { docker 'x' }, agent { docker { image 'x' } }, docker.image('x'),
// withDockerContainer('x'), containerTemplate(image: 'x').
var jenkinsImage = map[string]bool{"docker": true, "image": true, "docker.image": true, "withDockerContainer": true}

// groovy is a file as its tokens, comments left out.
type groovy struct {
	*reader
	tokens    []dockerfile.Span
	constants map[string]dockerfile.Text // names that are set to a string, once
}

// readJenkinsfile reads the images of a pipeline's agents and containers, and of the Pods whose YAML stands in it.
func readJenkinsfile(r *reader) {
	g := &groovy{reader: r, constants: map[string]dockerfile.Text{}}
	for _, found := range groovyToken.FindAllIndex(r.Data, -1) {
		if span := (dockerfile.Span{Start: found[0], End: found[1]}); !strings.HasPrefix(g.token(span), "//") && !strings.HasPrefix(g.token(span), "/*") {
			g.tokens = append(g.tokens, span)
		}
	}
	g.assignments()
	for i := range g.tokens {
		g.read(i)
	}
}

func (g *groovy) token(span dockerfile.Span) string { return string(g.Data[span.Start:span.End]) }

// at is the token at an index; empty outside the file.
func (g *groovy) at(i int) string {
	if i < 0 || i >= len(g.tokens) {
		return ""
	}
	return g.token(g.tokens[i])
}

// assignments notes what names are set to. A name that is set twice is not followed.
func (g *groovy) assignments() {
	for i := 1; i+1 < len(g.tokens); i++ {
		if g.at(i) != "=" {
			continue
		}
		name := g.at(i - 1)
		value, ok := g.literal(i + 1)
		if _, twice := g.constants[name]; twice || !ok {
			value = dockerfile.Text{{At: -1, Why: "needs " + name + ", which is set in several places, or to more than a string"}}
		}
		g.constants[name] = value
	}
}

// read takes in a token that is an image, or a file that stands in a string.
func (g *groovy) read(i int) {
	value, isString := g.literal(i)
	if triple := strings.HasPrefix(g.at(i), `"""`) || strings.HasPrefix(g.at(i), `'''`); triple {
		if text := value.String(); strings.Contains(text, "image:") && strings.Contains(text, "containers:") {
			g.within(value, func(inner *reader) {
				for _, root := range inner.yaml() {
					inner.images(root)
				}
			})
		}
		return
	}
	before := i - 1
	if sign := g.at(before); sign == "(" || sign == ":" {
		before--
	}
	if !jenkinsImage[g.at(before)] {
		return
	}
	constant, isName := g.constants[g.at(i)]
	switch {
	case isString && strings.HasPrefix(g.at(i), "'"):
		g.named(value, nil)
	case isString:
		g.named(value, expandBy(g.variable))
	case isName && before < i-1:
		g.whole(g.tokens[i], constant)
	}
}

func (g *groovy) named(value dockerfile.Text, expand expander) {
	if source := value.String(); source != "" && !picture.MatchString(source) && !strings.ContainsAny(source, " \t\n") {
		g.operand(value, expand)
	}
}

// variable is what a string in double quotes replaces.
func (g *groovy) variable(name string) (dockerfile.Text, error) { return g.constants[name], nil }

// literal is the string that a token is, without its quotes; ok is false when it is none.
func (g *groovy) literal(i int) (_ dockerfile.Text, ok bool) {
	token := g.at(i)
	for _, quote := range []string{`"""`, `'''`, `"`, `'`} {
		if strings.HasPrefix(token, quote) && len(token) >= 2*len(quote) {
			start := g.tokens[i].Start + len(quote)
			return g.bytes(start, g.tokens[i].End-len(quote)), true
		}
	}
	return nil, false
}
