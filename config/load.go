package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config/fault"
)

// DefaultFile is read when no other is named, if it is there.
const DefaultFile = "basebump.yaml"

// maxFile bounds a configuration file.
const maxFile = 1 << 20

// Load reads the operator's configuration. An empty path means DefaultFile if it exists, else the defaults. The environment gives
// secrets: BASEBUMP_ and the key's path, with a registry named by its host, as in BASEBUMP_GITHUB_TOKEN and
// BASEBUMP_REGISTRIES_GHCR_IO_PASSWORD. The error is an *Invalid, or a *fault.Error when the file cannot be read.
func Load(path string, env func(string) string) (Config, error) {
	data, err := readFile(path)
	if err != nil {
		return Config{}, err
	}
	if path == "" {
		path = DefaultFile
	}
	return parse(path, data, env)
}

func parse(path string, data []byte, env func(string) string) (Config, error) {
	d := newDecoder(path, env)
	c := Default()
	d.document(data, place{env: "BASEBUMP"}, reflect.ValueOf(&c).Elem())
	c.validate(d)
	c.Warnings = d.warnings
	if err := invalid(d.problems); err != nil {
		return Config{}, err
	}
	return c, nil
}

// readFile reads a configuration file, bounded. No path and no default file give no bytes.
func readFile(path string) ([]byte, error) {
	optional := path == ""
	if optional {
		path = DefaultFile
	}
	file, err := os.Open(path)
	switch {
	case optional && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, unreadable(path, errors.New("no such file"), "name it with --config, or write one with `basebump init`")
	case err != nil:
		return nil, unreadable(path, errors.Unwrap(err), "")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, unreadable(path, errors.Unwrap(err), "")
	}
	return data, nil
}

func unreadable(path string, err error, hint string) error {
	class := fault.Permanent
	if hint != "" {
		class = fault.NotFound
	}
	return &fault.Error{Op: "read", Target: path, Class: class, Hint: hint, Err: err}
}

// document decodes a YAML text of one document; an empty one gives no keys.
func (d *decoder) document(data []byte, at place, v reflect.Value) {
	if len(data) > maxFile {
		d.problems = append(d.problems, Problem{File: d.file, Message: "longer than 1 MiB; is it the right file?"})
		return
	}
	documents := yaml.NewDecoder(strings.NewReader(string(data)))
	var first, second yaml.Node
	err := documents.Decode(&first)
	if err == nil {
		if err = documents.Decode(&second); err == nil {
			d.problem(&second, "expected one document; remove the --- and what follows")
			return
		}
	}
	if !errors.Is(err, io.EOF) {
		d.problems = append(d.problems, syntaxProblem(d.file, err))
		return
	}
	var root *yaml.Node
	if len(first.Content) > 0 {
		root = first.Content[0]
	}
	d.value(root, at, v, field{})
}

// syntaxProblem moves the line that the YAML library puts into its error's text to where editors look for it.
func syntaxProblem(file string, err error) Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if _, scanErr := fmt.Sscanf(message, "line %d:", &line); scanErr == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	return Problem{File: file, Line: line, Message: "not YAML: " + message}
}
