// Command draw makes the committed files beside it from the images that
// images.sh bootstraps: of each stage the package database, and of the newest
// the advisories that its changelogs amount to.
//
//	go run ./testdata/debian12/draw IMAGES testdata/debian12
package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/basebump/basebump/testdata/debian12/expect"
)

// stages, oldest first.
var stages = []string{"old", "new", "newer"}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: draw IMAGES OUT")
		os.Exit(2)
	}
	if err := draw(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(images, out string) error {
	var changelogs map[string][]upload
	for _, stage := range stages {
		img, err := readImage(filepath.Join(images, stage+".tar"))
		if err != nil {
			return err
		}
		for _, name := range stageFiles {
			if err := writeFile(filepath.Join(out, stage, name), img[name]); err != nil {
				return err
			}
		}
		if changelogs, err = img.sources(); err != nil {
			return fmt.Errorf("%s: %w", stage, err)
		}
		if err := describe(stage, img, changelogs); err != nil {
			return err
		}
	}

	var bySource [][]expect.Advisory
	for _, source := range slices.Sorted(maps.Keys(changelogs)) {
		drawn, err := advisories(changelogs[source])
		if err != nil {
			return fmt.Errorf("changelog of %s: %w", source, err)
		}
		if len(drawn) > 0 {
			bySource = append(bySource, drawn)
		}
	}
	return writeProvider(filepath.Join(out, "advisories", "debian"), bySource)
}

// describe prints the figures that embed.go and the README repeat.
func describe(stage string, img image, changelogs map[string][]upload) error {
	packages, err := expect.Packages(bytes.NewReader(img[status]))
	if err != nil {
		return err
	}
	var newest upload
	for _, changelog := range changelogs {
		if changelog[0].date.After(newest.date) {
			newest = changelog[0]
		}
	}
	fmt.Printf("%s: %d packages of %d sources, the newest %s %s of %s\n", stage, len(packages), len(changelogs),
		newest.source, newest.version, newest.date.UTC().Format(time.RFC3339))
	return nil
}
