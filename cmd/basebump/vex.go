package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan/vex"
)

// maxVEX bounds a VEX document, in bytes.
const maxVEX = 32 << 20

// readVEX reads the OpenVEX documents that the configuration names, each once, in the order of their names.
func readVEX(patterns []config.Path) (vex.Documents, error) {
	var documents vex.Documents
	for _, file := range vexFiles(patterns) {
		document, err := readVEXFile(file)
		if err != nil {
			return nil, usage(fmt.Errorf("policy.vex: %w", err))
		}
		documents = append(documents, document)
	}
	return documents, nil
}

// vexFiles lists the files that any pattern matches. The patterns are valid.
func vexFiles(patterns []config.Path) []string {
	var files []string
	for _, pattern := range patterns {
		found, _ := filepath.Glob(string(pattern)) // checked when the configuration was loaded
		files = append(files, found...)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

func readVEXFile(name string) (vex.Document, error) {
	file, err := os.Open(name)
	if err != nil {
		return vex.Document{}, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxVEX+1))
	if err != nil {
		return vex.Document{}, err
	}
	if len(data) > maxVEX {
		return vex.Document{}, fmt.Errorf("%s is longer than %d MiB; is it the right file?", name, maxVEX>>20)
	}
	return vex.Parse(name, data)
}

// withoutVEX warns of patterns that match nothing: what they were meant to set aside counts.
func withoutVEX(patterns []config.Path) []config.Problem {
	var list []config.Problem
	for i, pattern := range patterns {
		if len(vexFiles([]config.Path{pattern})) == 0 {
			list = append(list, config.Problem{
				File: config.DefaultFile, Message: fmt.Sprintf("policy.vex[%d]: no file matches %s, so it sets nothing aside", i, pattern),
			})
		}
	}
	return list
}
