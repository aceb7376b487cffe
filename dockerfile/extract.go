package dockerfile

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Kind is the kind of the references in Dockerfiles.
const Kind = "dockerfile"

// Extract finds the references of a Dockerfile by Docker's rules: what BuildKit v0.34 would pull, were the file built with no
// --build-arg and no named context. It never fails: what cannot be read is Skipped with a reason.
//
// Stage names (in any case), scratch and numeric --from are no references. Nor is a --from that names no stage and has no tag,
// slash, dot or digest: such a word is as often a named context as an image, so it is Skipped.
func Extract(path string, data []byte) Extraction {
	f := NewFile(path, data)
	if bytes.IndexByte(data, 0) >= 0 {
		return f.refuse(0, "is binary, not a Dockerfile")
	}
	result, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return f.refuse(f.errorAt(err), "cannot be parsed: "+cause(err).Error())
	}
	w := &walk{file: f, escape: result.EscapeToken, scope: newScope(), stages: map[string]bool{}, begun: map[string]bool{}}
	w.collect(result.AST.Children)
	if w.froms == 0 {
		return f.refuse(0, "has no FROM; Docker cannot build it")
	}
	w.syntax()
	for _, node := range result.AST.Children {
		w.instruction(node)
	}
	w.settlePins()
	slices.SortStableFunc(w.out.References, func(a, b Reference) int { return cmp.Compare(a.Start, b.Start) })
	return w.out
}

// refuse is the extraction of a file that cannot be read.
func (f *File) refuse(at int, reason string) Extraction {
	line, _ := f.Position(at)
	span := f.Line(line)
	raw := strings.ToValidUTF8(string(f.Data[span.Start:min(span.End, span.Start+80)]), "")
	return Extraction{Skipped: []Skipped{f.Skip(Kind, at, raw, reason)}}
}

// errorAt is the offset of the line that a parser's error names.
func (f *File) errorAt(err error) int {
	located, ok := errors.AsType[*parser.LocationError](err)
	if !ok || len(located.Locations) == 0 || len(located.Locations[0]) == 0 {
		return 0
	}
	return f.Line(located.Locations[0][0].Start.Line).Start
}

// walk goes through the instructions of one file, in order.
type walk struct {
	file   *File
	escape rune
	scope  *scope
	froms  int             // FROM instructions of the file
	stages map[string]bool // names of all stages of the file, in lower case
	begun  map[string]bool // names of the stages so far
	stage  string          // name of the current stage
	inside bool            // behind the first FROM
	reused map[string]bool // global ARGs that a stage takes over
	out    Extraction
}

// collect notes the stages of the file and the ARGs inside them: a --from may name a stage that comes later.
func (w *walk) collect(nodes []*parser.Node) {
	w.reused = map[string]bool{}
	for _, node := range nodes {
		switch strings.ToLower(node.Value) {
		case command.From:
			w.froms++
			if words := values(node); len(words) == 3 {
				w.stages[strings.ToLower(words[2])] = true
			}
		case command.Arg:
			for _, word := range values(node) {
				name, _, hasDefault := strings.Cut(word, "=")
				if w.froms > 0 {
					w.scope.shadow(name)
					w.reused[name] = w.reused[name] || !hasDefault
				}
			}
		}
	}
}

func (w *walk) instruction(node *parser.Node) {
	switch strings.ToLower(node.Value) {
	case command.Arg:
		if !w.inside {
			w.arg(node)
		}
	case command.From:
		w.from(node)
	case command.Copy, command.Run:
		if !readsFrom(node) {
			return
		}
		if line, ok := w.line(node); ok {
			w.sources(node, line)
		}
	case command.Onbuild:
		w.onbuild(node)
	}
}

// line is the logical line of an instruction. A line that cannot be followed is Skipped.
func (w *walk) line(node *parser.Node) (Text, bool) {
	line, ok := w.file.instruction(node, w.escape)
	if !ok {
		w.skipLine(node, errLost)
	}
	return line, ok
}

func (w *walk) skipLine(node *parser.Node, reason error) {
	w.skip(w.file.Line(node.StartLine).Start, node.Original, reason)
}

func (w *walk) skip(at int, raw string, reason error) {
	w.out.Skipped = append(w.out.Skipped, w.file.Skip(Kind, at, raw, reason.Error()))
}

// add takes in a reference of the instruction that begins at line first, or the reason why it is none. It returns where a
// digest would go, or -1.
func (w *walk) add(span Span, operand Text, platform string, first int) (pin int) {
	ref, err := w.file.Image(Kind, span, operand)
	if err != nil {
		w.skip(span.Start, string(w.file.Data[span.Start:span.End]), err)
		return -1
	}
	ref.Stage, ref.Platform = w.stage, platform
	if ref.Ignore == nil {
		ref.Ignore = w.file.ignore(first)
	}
	w.out.References = append(w.out.References, ref)
	if ref.Pin == nil {
		return -1
	}
	return ref.Pin.At
}
