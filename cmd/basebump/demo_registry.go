package main

import (
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/basebump/basebump/testdata/debian12"
)

// demoRegistry is an image registry in memory, which stands in for docker.io.
func demoRegistry() http.Handler {
	return registry.New(registry.Logger(log.New(io.Discard, "", 0)))
}

// pushDebian makes the registry's debian:12 answer the given stage and returns the digest of its index.
func pushDebian(host string, stage debian12.Stage) (string, error) {
	image, err := debianImage(stage)
	if err != nil {
		return "", fmt.Errorf("make debian:12 of %s: %w", stage.Name, err)
	}
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{
		Add:        image,
		Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
	})
	tag, err := name.NewTag(host+"/library/debian:12", name.Insecure)
	if err != nil {
		return "", err
	}
	if err := remote.WriteIndex(tag, index); err != nil {
		return "", fmt.Errorf("push %s: %w", tag, err)
	}
	digest, err := index.Digest()
	return digest.String(), err
}

// debianImage is a stage's package database and os-release as an image of one layer: all that a scanner reads of it.
func debianImage(stage debian12.Stage) (v1.Image, error) {
	rootfs, err := debian12.Rootfs(stage.Name)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	err = fs.WalkDir(rootfs, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(rootfs, path)
		return err
	})
	if err != nil {
		return nil, err
	}
	layer, err := crane.Layer(files)
	if err != nil {
		return nil, err
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", "amd64", v1.Time{Time: stage.Built}
	return mutate.ConfigFile(image, config)
}
