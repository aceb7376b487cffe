package worker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/basebump/basebump/config/egress"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// identityUser is the user name by which Docker's own configuration marks a password as an identity token.
const identityUser = "<token>"

// puller reads one repository. Digests and sizes are verified by the registry library while they are read.
type puller struct {
	repo      name.Repository
	remote    *remote.Puller
	transport *http.Transport
}

func newPuller(access scan.Access) (*puller, error) {
	var strictness []name.Option
	if access.Insecure {
		strictness = append(strictness, name.Insecure)
	}
	repo, err := name.NewRepository(access.Repository, strictness...)
	if err != nil {
		return nil, permanent(err)
	}
	transport := transportTo(repo.RegistryStr(), access)
	p, err := remote.NewPuller(
		remote.WithTransport(&gate{base: transport, plain: access.Insecure}),
		remote.WithAuth(credentials(access)),
		remote.WithRetryStatusCodes(), // none: whoever asked for the scan decides when to try again
		remote.WithRetryPredicate(func(error) bool { return false }),
		remote.WithUserAgent("basebump-grype"),
	)
	if err != nil {
		return nil, permanent(err)
	}
	return &puller{repo: repo, remote: p, transport: transport}, nil
}

// close gives the connections back.
func (p *puller) close() { p.transport.CloseIdleConnections() }

func credentials(access scan.Access) authn.Authenticator {
	switch {
	case access.Token != "":
		return authn.FromConfig(authn.AuthConfig{RegistryToken: access.Token})
	case access.Username == identityUser:
		return authn.FromConfig(authn.AuthConfig{IdentityToken: access.Password})
	case access.Username != "":
		return &authn.Basic{Username: access.Username, Password: access.Password}
	}
	return authn.Anonymous
}

// transportTo reaches the public internet, and the registry's own host if the operator named it.
func transportTo(host string, access scan.Access) *http.Transport {
	if access.Private {
		return egress.Transport(host)
	}
	return egress.Transport()
}

// gate bounds what is read whole and keeps credentials off plain HTTP.
type gate struct {
	base  http.RoundTripper
	plain bool
}

func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && !g.plain {
		return nil, &fault.Error{
			Class: fault.Permanent, Err: fmt.Errorf("%s is not asked over plain HTTP", req.URL.Host),
			Hint: "set `insecure: true` for this registry under `registries` to allow it",
		}
	}
	resp, err := g.base.RoundTrip(req)
	if err == nil && !strings.Contains(req.URL.Path, "/blobs/") {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxManifest)
	}
	return resp, err
}

// layers returns the layers of what a target stands for, lowest first, within the bounds on what its manifest promises.
func (p *puller) layers(ctx context.Context, target scan.Target) ([]v1.Layer, error) {
	found, err := p.manifest(ctx, target.Digest, -1)
	if err != nil {
		return nil, err
	}
	if found.MediaType.IsIndex() {
		child, err := choose(found, target.Platform)
		if err != nil {
			return nil, err
		}
		if found, err = p.manifest(ctx, child.Digest.String(), child.Size); err != nil {
			return nil, err
		}
	}
	if !found.MediaType.IsImage() {
		return nil, permanent(fmt.Errorf("%s is no image but %s", found.Digest, found.MediaType))
	}
	image, err := found.Image()
	if err != nil {
		return nil, permanent(err)
	}
	manifest, err := image.Manifest()
	if err != nil {
		return nil, permanent(fmt.Errorf("read manifest: %w", err))
	}
	if err := within(manifest); err != nil {
		return nil, err
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, permanent(fmt.Errorf("read manifest: %w", err))
	}
	return layers, nil
}

func (p *puller) manifest(ctx context.Context, digest string, size int64) (*remote.Descriptor, error) {
	ref := p.repo.Digest(digest)
	if _, err := v1.NewHash(ref.DigestStr()); err != nil {
		return nil, permanent(err)
	}
	found, err := p.remote.Get(ctx, ref)
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, permanent(fmt.Errorf("read manifest: larger than %d MiB", maxManifest>>20))
		}
		return nil, classify(fmt.Errorf("read manifest: %w", err))
	}
	if size >= 0 && found.Size != size {
		return nil, permanent(fmt.Errorf("read manifest: it has %d bytes, its index says %d", found.Size, size))
	}
	return found, nil
}

// choose finds a platform in an index.
func choose(index *remote.Descriptor, platform string) (v1.Descriptor, error) {
	parsed, err := index.ImageIndex()
	if err != nil {
		return v1.Descriptor{}, permanent(err)
	}
	manifest, err := parsed.IndexManifest()
	if err != nil {
		return v1.Descriptor{}, permanent(fmt.Errorf("read index: %w", err))
	}
	for _, child := range manifest.Manifests {
		if child.Platform != nil && child.Platform.String() == platform {
			return child, nil
		}
	}
	return v1.Descriptor{}, &fault.Error{Class: fault.NotFound, Err: fmt.Errorf("the index has no platform %q", platform)}
}

// within refuses what is too large by its own account; the readers make sure that the account is true.
func within(m *v1.Manifest) error {
	if m.Config.Size > maxConfig {
		return permanent(fmt.Errorf("the configuration has %d MiB, above the bound of %d", m.Config.Size>>20, maxConfig>>20))
	}
	if len(m.Layers) > maxLayers {
		return permanent(fmt.Errorf("the image has %d layers, above the bound of %d", len(m.Layers), maxLayers))
	}
	var packed int64
	for _, l := range m.Layers {
		if l.Size < 0 || l.Size > maxPacked-packed {
			return permanent(fmt.Errorf("the layers have more than %d GiB", maxPacked>>30))
		}
		packed += l.Size
		if !l.MediaType.IsLayer() || !l.MediaType.IsDistributable() {
			return unreadable(l.MediaType)
		}
	}
	return nil
}

func unreadable(media types.MediaType) error {
	return permanent(fmt.Errorf("layers of type %s cannot be read", media))
}
