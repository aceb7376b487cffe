package dockerfile

import (
	"bytes"
	"path"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// scratch is the base that is no image.
const scratch = "scratch"

// syntax takes in the image of a "# syntax=" directive, which builds the file in BuildKit's place.
func (w *walk) syntax() {
	if !bytes.HasPrefix(bytes.TrimPrefix(w.file.Data, []byte(byteOrderMark)), []byte("#")) {
		return
	}
	image, _, location, ok := parser.ParseDirective("syntax", w.file.Data)
	if !ok || len(location) == 0 {
		return
	}
	line := w.file.Line(location[0].Start.Line)
	raw := string(w.file.Data[line.Start:line.End])
	at := line.Start + strings.IndexByte(raw, '=') + 1
	at += strings.Index(string(w.file.Data[at:line.End]), image)
	span := Span{Start: at, End: at + len(image)}
	if !w.file.Holds(span, image) {
		w.skip(line.Start, raw, errLost)
		return
	}
	w.add(span, Text{{Value: image, At: at}}, "", location[0].Start.Line)
}

// arg takes in the defaults of one ARG before the first FROM.
func (w *walk) arg(node *parser.Node) {
	line, ok := w.file.instruction(node, w.escape)
	_, start := flags(line, w.escape)
	found, located := words(line, start, values(node))
	if !ok || !located {
		w.skipLine(node, errLost)
		for _, word := range values(node) {
			name, _, _ := strings.Cut(word, "=")
			w.scope.define(name, nil, nil, errLost)
		}
		return
	}
	for _, word := range found {
		name, source, hasDefault := strings.Cut(word.String(), "=")
		if !hasDefault {
			w.scope.declare(name)
			continue
		}
		raw := word.Slice(len(name)+1, len(name)+1+len(source))
		value, err := expand(raw, w.escape, w.scope)
		w.scope.define(name, raw, value, err)
	}
}

// from takes in a stage's base.
func (w *walk) from(node *parser.Node) {
	w.inside, w.stage = true, ""
	line, ok := w.line(node)
	if !ok {
		return
	}
	parsed, err := typed(node)
	if err != nil {
		w.skipLine(node, cause(err))
		return
	}
	stage := parsed.(*instructions.Stage)
	w.stage = stage.Name
	options, start := flags(line, w.escape)
	found, ok := words(line, start, []string{stage.BaseName})
	if !ok {
		w.skipLine(node, errLost)
		return
	}
	span, _ := found[0].Span()
	platform := w.platform(options)
	w.scope.use(w.scope.reads(), use{})
	base, err := expand(found[0], w.escape, w.scope)
	reads, pin := w.scope.reads(), -1
	switch {
	case err != nil:
		w.skip(span.Start, string(w.file.Data[span.Start:span.End]), err)
	case !w.isStage(base, w.begun):
		pin = w.add(span, base, platform, node.StartLine)
	}
	if ends(base, pin) > 1 {
		pin = -1
	}
	w.scope.use(reads, use{image: base.String(), pin: pin})
	if stage.Name != "" {
		w.begun[stage.Name] = true
	}
}

// isStage reports whether a base is scratch or an earlier stage. What only a build knows (base-${TARGETARCH}) may stand for
// anything: a stage that fits is what is meant.
func (w *walk) isStage(base Text, stages map[string]bool) bool {
	var pattern strings.Builder
	for _, run := range base {
		if run.Why != "" {
			pattern.WriteByte('*')
		} else {
			pattern.WriteString(run.Value)
		}
	}
	name := pattern.String()
	if name == scratch || stages[strings.ToLower(name)] {
		return true
	}
	if strings.Trim(name, "*") == name || strings.Trim(name, "*") == "" {
		return false
	}
	for stage := range stages {
		if fits, err := path.Match(strings.ToLower(name), stage); err == nil && fits {
			return true
		}
	}
	return false
}

// platform is the one that --platform fixes; empty when there is none, or only a build knows it.
func (w *walk) platform(options []Text) string {
	const name = "--platform="
	for _, option := range options {
		if value := option.String(); strings.HasPrefix(value, name) {
			fixed, err := expand(option.Slice(len(name), len(value)), w.escape, w.scope)
			if err != nil || fixed.Why() != "" {
				return ""
			}
			return fixed.String()
		}
	}
	return ""
}
