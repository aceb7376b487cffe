package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/config/imports"
)

func newConfigImport(g *globals) *cobra.Command {
	var write string
	cmd := &cobra.Command{
		Use:   "import [PATH]",
		Short: "Turn the image rules of a Renovate or Dependabot configuration into a .github/basebump.yaml",
		Long: "Reads renovate.json and its other names, package.json, and .github/dependabot.yml below PATH, and writes a repository's configuration\n" +
			"that says the same of images. What has no equivalent is listed on standard error, with file and line.",
		Args: arguments(0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			result, err := importFrom(append(args, ".")[0])
			if err != nil {
				return err
			}
			for _, note := range result.Notes {
				fmt.Fprintln(g.err, note)
			}
			if write == "" {
				_, err := g.out.Write(result.Config)
				return err
			}
			if err := writeNew(write, result.Config); err != nil {
				return err
			}
			fmt.Fprintf(g.out, "%s is written; look at it, and commit it\n", write)
			return nil
		},
	}
	cmd.Flags().StringVar(&write, "write", "", "write `FILE`, such as .github/basebump.yaml, instead of standard output; one that is there is left alone")
	return cmd
}

// importFrom reads the others' files below a folder. None of them may lead out of it.
func importFrom(path string) (imports.Result, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return imports.Result{}, usage(fmt.Errorf("open %s: %w", path, errors.Unwrap(err)))
	}
	defer root.Close()
	var sources []imports.Source
	for _, name := range imports.Files() {
		data, err := readBounded(root, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return imports.Result{}, fmt.Errorf("read %s: %w", name, err)
		}
		sources = append(sources, imports.Source{Path: name, Data: data})
	}
	result, err := imports.Import(sources)
	if errors.Is(err, imports.ErrNothing) {
		hint := "name the folder that holds renovate.json or .github/dependabot.yml"
		err = usage(&fault.Error{Op: "import from", Target: path, Class: fault.NotFound, Err: err, Hint: hint})
	}
	return result, err
}

func readBounded(root *os.Root, name string) ([]byte, error) {
	file, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, imports.MaxFile+1))
}

// writeNew writes a file that is not there yet.
func writeNew(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("make the folder of %s: %w", name, err)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return usage(fmt.Errorf("write %s: it is there already; compare it with what `basebump config import` prints without --write", name))
	case err != nil:
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
