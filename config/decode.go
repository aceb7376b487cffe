package config

import (
	"encoding"
	"fmt"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// decoder walks a document and a struct side by side. It notes every problem and goes on.
//
// A field's tags say: yaml its key, doc its meaning, min and max a number's bounds, required that it must be given, secret what a secret
// is called in messages, only which types of entry have it. A Secret may also come from the file that KEY_file names, or from the
// environment.
type decoder struct {
	file     string              // for messages
	dir      string              // relative paths start here
	env      func(string) string // nil where the environment has no say
	at       map[string]position // of every value given, by its dotted path
	broken   map[string]bool     // top-level keys under which something is wrong
	problems []Problem
	warnings []Problem
}

func newDecoder(file string, env func(string) string) *decoder {
	return &decoder{file: file, dir: filepath.Dir(file), env: env, at: map[string]position{}, broken: map[string]bool{}}
}

type position struct{ line, column int }

// place is where in the configuration a value stands: its dotted path, and what its environment variable is called.
type place struct{ path, env string }

func (p place) key(name string) place {
	if p.path == "" {
		return place{path: name, env: p.env + "_" + envName(name)}
	}
	return place{path: p.path + "." + name, env: p.env + "_" + envName(name)}
}

// value decodes a node, nil when the file does not give it, into v, which holds the default.
func (d *decoder) value(node *yaml.Node, at place, v reflect.Value, f field) {
	if node != nil && node.Kind == yaml.AliasNode {
		d.problem(node, "aliases are not supported; write the value out")
		return
	}
	if node != nil && node.ShortTag() == "!!null" {
		node = nil
	}
	if node != nil {
		d.at[at.path] = position{node.Line, node.Column}
	}
	switch {
	case v.Kind() == reflect.Struct && !isLeaf(v):
		d.mapping(node, at, v)
	case node == nil:
	case v.Kind() == reflect.Slice:
		d.list(node, at, v, f)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(node, at, v.Elem(), f)
	case node.Kind != yaml.ScalarNode:
		d.expected(node, at, "a single value")
	default:
		d.scalar(node, at, v, f)
	}
}

// mapping decodes keys into a struct; a nil node stands for no keys.
func (d *decoder) mapping(node *yaml.Node, at place, v reflect.Value) {
	if node != nil && node.Kind != yaml.MappingNode {
		d.expected(node, at, "keys and values")
		return
	}
	if start, ok := v.Addr().Interface().(interface{ setDefaults() }); ok {
		start.setDefaults()
	}
	fields := fieldsOf(v.Type())
	given := d.keys(node, fields)
	for _, f := range fields {
		before := len(d.problems)
		target := v.Field(f.index)
		switch pair, found := given[f.key]; {
		case f.secret != "":
			d.secret(given, at, v, f)
		case found:
			d.value(pair.value, at.key(f.key), target, f)
		case f.required:
			d.problem(node, fmt.Sprintf("%s: key %q is missing", at.path, f.key))
		default:
			d.value(nil, at.key(f.key), target, f)
		}
		if at.path == "" && len(d.problems) > before {
			d.broken[f.key] = true
		}
	}
}

type pair struct{ key, value *yaml.Node }

// keys indexes a mapping's pairs and notes the keys that are unknown or given twice.
func (d *decoder) keys(node *yaml.Node, fields []field) map[string]pair {
	given := map[string]pair{}
	if node == nil {
		return given
	}
	known := keysOf(fields)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		name := key.Value
		first, twice := given[name]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.problem(key, "expected a key, got "+describe(key))
		case !contains(known, name):
			d.problem(key, fmt.Sprintf("unknown key %s %s", quote(name), suggest(name, known)))
		case twice:
			d.problem(key, fmt.Sprintf("key %q is given twice, first on line %d", name, first.key.Line))
		default:
			given[name] = pair{key, value}
		}
	}
	return given
}

// list decodes a sequence; it replaces the default.
func (d *decoder) list(node *yaml.Node, at place, v reflect.Value, f field) {
	if node.Kind != yaml.SequenceNode {
		d.expected(node, at, "a list")
		return
	}
	items := reflect.MakeSlice(v.Type(), len(node.Content), len(node.Content))
	for i, item := range node.Content {
		element := place{path: at.path + "[" + strconv.Itoa(i) + "]", env: at.env}
		if item.ShortTag() == "!!null" {
			d.problem(item, element.path+": expected a value, got nothing")
			continue
		}
		d.value(item, element, items.Index(i), f)
	}
	v.Set(items)
}

// scalar decodes one value.
func (d *decoder) scalar(node *yaml.Node, at place, v reflect.Value, f field) {
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := text.UnmarshalText([]byte(node.Value)); err != nil {
			d.problem(node, at.path+": "+err.Error()+", got "+describe(node))
		}
		return
	}
	switch known := values(v); {
	case known != nil && !contains(known, node.Value):
		d.problem(node, fmt.Sprintf("%s: expected %s, got %s", at.path, oneOf(known), describe(node)))
	case v.Type() == reflect.TypeFor[Path]():
		v.SetString(d.resolve(node.Value))
	case v.Kind() == reflect.String:
		if node.ShortTag() == "!!bool" {
			d.expected(node, at, "text (put it in quotes)")
			return
		}
		v.SetString(node.Value)
	case v.Kind() == reflect.Bool:
		var truth bool
		if node.ShortTag() != "!!bool" || node.Decode(&truth) != nil {
			d.expected(node, at, "true or false")
			return
		}
		v.SetBool(truth)
	default:
		number, err := strconv.ParseInt(node.Value, 10, 64)
		if err != nil || node.ShortTag() != "!!int" || !f.admits(number) {
			d.expected(node, at, f.numbers())
			return
		}
		v.SetInt(number)
	}
}

// resolve makes a path absolute or relative to the working directory, from one relative to the configuration.
func (d *decoder) resolve(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.dir, path)
}

func (d *decoder) expected(node *yaml.Node, at place, what string) {
	path := at.path
	if path != "" {
		path += ": "
	}
	d.problem(node, path+"expected "+what+", got "+describe(node))
}

func (d *decoder) problem(node *yaml.Node, message string) {
	d.problems = append(d.problems, Problem{File: d.file, Line: node.Line, Column: node.Column, Message: message})
}

// problemAt notes a problem of a value that is known by its path.
func (d *decoder) problemAt(path, message string) {
	at := d.at[path]
	d.problems = append(d.problems, Problem{File: d.file, Line: at.line, Column: at.column, Message: message})
}

// describe says what a node is, for a message; it hides the credentials of an address.
func describe(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if before, rest, found := strings.Cut(node.Value, "://"); found && strings.Contains(rest, "@") {
		return quote(before + "://" + redacted + rest[strings.LastIndex(rest, "@"):])
	}
	return quote(node.Value)
}

// quote shows a text from the file, shortened.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return strconv.Quote(text)
}
