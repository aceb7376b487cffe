// Package imports reads how Renovate or Dependabot was told to look after a repository's images, and says the same in ours.
//
// It reads no file by itself and trusts none: what it is given is bounded, and its output is held to config.ParseRepository. What has no
// equivalent is listed with its place, never dropped in silence; what is not about images is left out.
package imports

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config"
)

// MaxFile bounds one file, in bytes; no honest one is longer.
const MaxFile = 1 << 20

// Files are where the others look for their configuration, in their order: Renovate takes the first of its own that is there.
func Files() []string {
	return []string{
		"renovate.json", "renovate.json5", ".github/renovate.json", ".github/renovate.json5", ".gitlab/renovate.json", ".gitlab/renovate.json5",
		".renovaterc", ".renovaterc.json", ".renovaterc.json5", "package.json", ".github/dependabot.yml", ".github/dependabot.yaml",
	}
}

// Source is one of these files.
type Source struct {
	Path string
	Data []byte
}

// Result is a repository's configuration, and what of the sources it does not hold.
type Result struct {
	Config []byte           // .github/basebump.yaml
	From   []string         // the sources that say something about images
	Notes  []config.Problem // in the order of the sources and their lines
}

// ErrNothing says that no source configures another updater for images.
var ErrNothing = errors.New("nothing there tells Renovate or Dependabot how to look after images")

// Import reads the sources and writes ours. The error is ErrNothing, or a *config.Invalid for a source that cannot be read.
func Import(sources []Source) (Result, error) {
	var result Result
	d := newDraft()
	for _, source := range effective(sources) {
		root, err := source.parse()
		if err != nil {
			return Result{}, err
		}
		if root == nil {
			continue
		}
		d.file = source.Path
		before := len(d.notes)
		if isDependabot(source.Path) {
			if !d.dependabot(root) {
				continue
			}
		} else {
			d.renovate(root)
		}
		slices.SortStableFunc(d.notes[before:], func(a, b config.Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		result.From = append(result.From, source.Path)
	}
	if len(result.From) == 0 {
		return Result{}, ErrNothing
	}
	text, err := d.render(result.From)
	if err != nil {
		return Result{}, err
	}
	if _, err := config.ParseRepository(config.RepositoryFile, text); err != nil {
		return Result{}, fmt.Errorf("write %s: what was read makes no valid configuration: %w", config.RepositoryFile, err)
	}
	result.Config, result.Notes = text, d.notes
	return result, nil
}

// effective puts the sources in order and keeps of Renovate's the first that counts.
func effective(sources []Source) []Source {
	var kept []Source
	renovate := false
	for _, name := range Files() {
		i := slices.IndexFunc(sources, func(s Source) bool { return s.Path == name })
		if i < 0 || renovate && !isDependabot(name) {
			continue
		}
		if !isDependabot(name) {
			if root, err := sources[i].parse(); err == nil && root == nil {
				continue // a package.json that says nothing
			}
			renovate = true
		}
		kept = append(kept, sources[i])
	}
	return kept
}

func isDependabot(name string) bool { return strings.HasPrefix(path.Base(name), "dependabot.") }

// parse returns the root of the updater's own settings; nil where there are none.
func (s Source) parse() (*yaml.Node, error) {
	if len(s.Data) > MaxFile {
		return nil, s.invalid(0, "longer than 1 MiB; is it the right file?")
	}
	root, err := s.document()
	if err != nil || root == nil {
		return nil, err
	}
	if path.Base(s.Path) == "package.json" {
		if root = get(root, "renovate"); root == nil {
			return nil, nil
		}
	}
	if root.Kind != yaml.MappingNode {
		return nil, s.invalid(root.Line, "expected keys and values")
	}
	return root, nil
}

func (s Source) document() (*yaml.Node, error) {
	if !isDependabot(s.Path) {
		root, line, err := parseJSON5(s.Data)
		if err != nil {
			return nil, s.invalid(line, "not JSON: "+err.Error())
		}
		return root, nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal(s.Data, &document); err != nil {
		message := strings.TrimPrefix(err.Error(), "yaml: ")
		var line int
		if _, scanErr := fmt.Sscanf(message, "line %d:", &line); scanErr == nil {
			_, message, _ = strings.Cut(message, ": ")
		}
		return nil, s.invalid(line, "not YAML: "+message)
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root, err := plain(document.Content[0])
	if err != nil {
		return nil, s.invalid(0, err.Error())
	}
	return root, nil
}

func (s Source) invalid(line int, message string) error {
	return &config.Invalid{Problems: []config.Problem{{File: s.Path, Line: line, Message: message}}}
}
