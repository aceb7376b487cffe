package clair

import (
	"context"
	"fmt"
	"net/http"

	"github.com/basebump/basebump/config/egress"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/assemble"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

const maxLayers = 500

// manifest is an image as Clair wants it described: lowest layer first.
type manifest struct {
	Hash   string  `json:"hash"`
	Layers []layer `json:"layers"`
}

type layer struct {
	Hash    string              `json:"hash"`
	URI     string              `json:"uri"`
	Headers map[string][]string `json:"headers,omitempty"` // hold credentials
}

// pull reads what a target stands for from its registry.
func pull(ctx context.Context, target scan.Target) (manifest, error) {
	var strictness []name.Option
	if target.Access.Insecure {
		strictness = append(strictness, name.Insecure)
	}
	repo, err := name.NewRepository(target.Access.Repository, strictness...)
	if err != nil {
		return manifest{}, assemble.Permanent("read the image's manifest: %w", err)
	}
	base := egress.Transport(named(repo, target.Access)...)
	defer base.CloseIdleConnections()
	seen := &witness{base: base, plain: target.Access.Insecure, host: repo.RegistryStr()}
	found, err := image(ctx, repo, target, seen)
	if err != nil {
		return manifest{}, explain(err)
	}
	return describe(found, repo, seen)
}

// named exempts the registry from the rule that only public addresses are asked, if the operator named it.
func named(repo name.Repository, access scan.Access) []string {
	if access.Private {
		return []string{repo.RegistryStr()}
	}
	return nil
}

func image(ctx context.Context, repo name.Repository, target scan.Target, via http.RoundTripper) (v1.Image, error) {
	options := []remote.Option{
		remote.WithContext(ctx), remote.WithTransport(via), remote.WithAuth(credentials(target.Access)), remote.WithUserAgent("basebump"),
		remote.WithRetryStatusCodes(), remote.WithRetryPredicate(func(error) bool { return false }), // the caller decides when to try again
	}
	if _, err := v1.NewHash(target.Digest); err != nil {
		return nil, assemble.Permanent("%w", err)
	}
	found, err := remote.Get(repo.Digest(target.Digest), options...)
	if err != nil {
		return nil, err
	}
	if !found.MediaType.IsIndex() {
		return found.Image()
	}
	index, err := found.ImageIndex()
	if err != nil {
		return nil, err
	}
	listed, err := index.IndexManifest()
	if err != nil {
		return nil, assemble.Permanent("%w", err)
	}
	for _, child := range listed.Manifests {
		if child.Platform != nil && child.Platform.String() == target.Platform {
			return remote.Image(repo.Digest(child.Digest.String()), options...)
		}
	}
	return nil, &fault.Error{Class: fault.NotFound, Err: fmt.Errorf("the index has no platform %q", target.Platform)}
}

// describe tells Clair where the layers are, and how the registry let us in.
func describe(found v1.Image, repo name.Repository, seen *witness) (manifest, error) {
	parsed, err := found.Manifest()
	if err != nil {
		return manifest{}, assemble.Permanent("read the image's manifest: %w", err)
	}
	if len(parsed.Layers) > maxLayers {
		return manifest{}, assemble.Permanent("the image has %d layers, above the bound of %d", len(parsed.Layers), maxLayers)
	}
	if seen.scheme == "" {
		return manifest{}, assemble.Permanent("the registry gave the image's manifest away to another host, which Clair cannot follow")
	}
	hash, err := found.Digest()
	if err != nil {
		return manifest{}, assemble.Permanent("read the image's manifest: %w", err)
	}
	described := manifest{Hash: hash.String(), Layers: []layer{}}
	for _, l := range parsed.Layers {
		if !l.MediaType.IsLayer() || !l.MediaType.IsDistributable() {
			return manifest{}, assemble.Permanent("layers of type %s cannot be read", l.MediaType)
		}
		described.Layers = append(described.Layers, layer{
			Hash:    l.Digest.String(),
			URI:     fmt.Sprintf("%s://%s/v2/%s/blobs/%s", seen.scheme, repo.RegistryStr(), repo.RepositoryStr(), l.Digest),
			Headers: seen.headers(),
		})
	}
	return described, nil
}
