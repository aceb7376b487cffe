package manifest

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// dotenv is the file that Compose takes variables from, in a project's folder.
const dotenv = ".env"

// maxIncluded is how many files one Compose file may bring in.
const maxIncluded = 100

// project is a Compose file with all that it brings in.
type project struct {
	root string
	seen map[string]bool // files that are read
}

// file reads one file of the project. What several of the .env files set, the first of them decides.
func (p *project) file(r *reader, envs []string) {
	c := &composeReader{reader: r}
	if strings.Contains(string(r.own()), "$") {
		for _, env := range envs {
			c.env.read(r.Document, env)
		}
	}
	c.read()
	for _, root := range r.yaml() {
		for include := range items(get(root, "include")) {
			p.include(r, include, envs)
		}
		for service := range children(get(root, "services")) {
			if file := get(service, "extends", "file"); text(file) != "" {
				p.bring(r, text(file), envs)
			}
		}
	}
}

// include brings in the files that one entry names: a path, or paths with a project folder and .env files of their own. What the
// project sets goes before what those set.
func (p *project) include(r *reader, entry *yaml.Node, envs []string) {
	paths := list(entry)
	if isMapping(entry) {
		paths = list(get(entry, "path"))
	}
	if len(paths) == 0 {
		return
	}
	own := list(get(entry, "env_file"))
	if len(own) == 0 {
		folder := path.Dir(paths[0])
		if given := text(get(entry, "project_directory")); given != "" {
			folder = given
		}
		own = []string{path.Join(folder, dotenv)}
	}
	all := envs[:len(envs):len(envs)]
	for i := len(own) - 1; i >= 0; i-- { // of several the last decides
		if env, ok := relative(r.Path, own[i]); ok {
			all = append(all, env)
		}
	}
	for _, file := range paths {
		p.bring(r, file, all)
	}
}

// bring reads a file that another names.
func (p *project) bring(from *reader, name string, envs []string) {
	file, ok := relative(from.Path, name)
	if !ok || p.seen[file] || len(p.seen) > maxIncluded || from.tree == nil {
		return
	}
	p.seen[file] = true
	data := from.tree(file)
	if len(data) == 0 || len(data) > MaxSize {
		return
	}
	inner := &reader{Document: newDocument(file, data, from.tree), kind: from.kind, seen: map[*yaml.Node]bool{}}
	p.file(inner, envs)
	for _, ref := range inner.placed() {
		ref.With, ref.Via = append(ref.With, p.root), p.root
		from.brought.References = append(from.brought.References, ref)
	}
	from.brought.References = append(from.brought.References, inner.brought.References...)
	from.brought.Skipped = append(append(from.brought.Skipped, inner.out.Skipped...), inner.brought.Skipped...)
}

// relative is a path that a file names, relative to that file; ok is false for what lies outside the tree, or is no plain path.
func relative(file, name string) (_ string, ok bool) {
	if path.IsAbs(name) || strings.ContainsAny(name, "$\\:") {
		return "", false
	}
	name = path.Join(path.Dir(file), name)
	return name, name != ".." && !strings.HasPrefix(name, "../")
}

// list is a scalar, or the scalars of a sequence; entries of mappings with a path are that path.
func list(node *yaml.Node) (out []string) {
	if isScalar(node) && text(node) != "" {
		return []string{text(node)}
	}
	for item := range items(node) {
		if isMapping(item) {
			item = get(item, "path")
		}
		if text(item) != "" {
			out = append(out, text(item))
		}
	}
	return out
}
