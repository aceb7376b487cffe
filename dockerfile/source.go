package dockerfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// onbuild takes in the instruction that an image keeps for those who build on it.
func (w *walk) onbuild(node *parser.Node) {
	if node.Next == nil || len(node.Next.Children) != 1 || !readsFrom(node.Next.Children[0]) {
		return
	}
	child := node.Next.Children[0]
	line, ok := w.line(node)
	if !ok {
		return
	}
	end := len(strings.TrimSpace(node.Original))
	line = line.Slice(end-len(child.Original), end)
	if line.String() != child.Original {
		w.skipLine(node, errLost)
		return
	}
	child.StartLine, child.EndLine = node.StartLine, node.EndLine
	w.sources(child, line)
}

// readsFrom reports whether an instruction may name an image in its flags.
func readsFrom(node *parser.Node) bool {
	switch strings.ToLower(node.Value) {
	case command.Copy, command.Run:
		return slices.ContainsFunc(node.Flags, func(flag string) bool {
			return strings.HasPrefix(flag, "--from=") || strings.HasPrefix(flag, "--mount=")
		})
	}
	return false
}

// typed is BuildKit's reading of an instruction. The comments above it are taken away: "# check=…" among them is for BuildKit's linter,
// and without one its parser panics.
func typed(node *parser.Node) (any, error) {
	node.PrevComment = nil
	return instructions.ParseInstruction(node)
}

// sources takes in the images that a COPY or RUN reads from: --from=image and --mount=…,from=image.
func (w *walk) sources(node *parser.Node, line Text) {
	parsed, err := typed(node)
	if err != nil {
		w.skipLine(node, cause(err))
		return
	}
	options, _ := flags(line, w.escape)
	var mounts []Text
	for _, option := range options {
		switch name, _, _ := strings.Cut(option.String(), "="); name {
		case "--from":
			if copied, ok := parsed.(*instructions.CopyCommand); ok {
				w.source(node, option.Slice(len("--from="), len(option.String())), copied.From)
			}
		case "--mount":
			mounts = append(mounts, option.Slice(len("--mount="), len(option.String())))
		}
	}
	run, ok := parsed.(*instructions.RunCommand)
	if !ok {
		return
	}
	for i, mount := range instructions.GetMounts(run) {
		switch {
		case mount.From == "":
		case i < len(mounts):
			w.source(node, mountFrom(mounts[i]), mount.From)
		default:
			w.skipLine(node, errLost)
		}
	}
}

// mountFrom is the value of the from field, which BuildKit reads as CSV with the last of a name winning.
func mountFrom(mount Text) Text {
	source := mount.String()
	var from Text
	for pos := 0; pos < len(source); {
		end := pos + length(source[pos:], strings.IndexByte(source[pos:], ','))
		start, stop, next := pos, end, end+1
		if source[pos] == '"' {
			start++
			stop = start + length(source[start:], strings.IndexByte(source[start:], '"'))
			next = min(stop+2, len(source))
		}
		if key, _, ok := strings.Cut(source[start:stop], "="); ok && strings.EqualFold(key, "from") {
			from = mount.Slice(start+len(key)+1, stop)
		}
		pos = next
	}
	return from
}

// source takes in one --from, which Docker does not expand.
func (w *walk) source(node *parser.Node, operand Text, want string) {
	if want == "" {
		return
	}
	span, ok := operand.Span()
	if !ok || operand.String() != want {
		w.skipLine(node, errLost)
		return
	}
	if _, err := strconv.Atoi(want); err == nil || want == scratch || w.stages[strings.ToLower(want)] {
		return
	}
	raw := string(w.file.Data[span.Start:span.End])
	switch {
	case strings.ContainsAny(want, `$'"`+string(w.escape)):
		w.skip(span.Start, raw, Unfollowed("Docker expands nothing in --from; name the image in a FROM … AS of its own and use that stage"))
	case !strings.ContainsAny(want, "/.:@"):
		w.skip(span.Start, raw, Unfollowed("may be a named context or the image docker.io/library/"+want+"; write a tag if it is the image"))
	default:
		w.add(span, operand, "", node.StartLine)
	}
}
