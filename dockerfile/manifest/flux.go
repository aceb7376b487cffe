package manifest

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/dockerfile"
)

// readFlux reads Flux's own objects: the values of HelmReleases, the images of Kustomizations, and OCIRepositories. A line with
// an $imagepolicy mark is Flux's, in every kind of file; see reader.flux.
func readFlux(r *reader) {
	r.objects(func(object *yaml.Node) {
		spec := get(object, "spec")
		r.values(get(spec, "values"))
		r.kustomizeImages(get(spec, "images"))
		for patch := range items(get(spec, "patches")) {
			r.patch(get(patch, "patch"))
		}
		for renderer := range items(get(spec, "postRenderers")) {
			r.kustomizeImages(get(renderer, "kustomize", "images"))
		}
		if text(get(object, "kind")) == "OCIRepository" {
			r.ociRepository(spec)
		}
	})
}

// ociRepository takes in an artifact, which lies in a registry as an image does.
func (r *reader) ociRepository(spec *yaml.Node) {
	const scheme = "oci://"
	url, ref := get(spec, "url"), get(spec, "ref")
	if !strings.HasPrefix(text(url), scheme) || r.seen[url] {
		return
	}
	r.seen[url] = true
	if semver := get(ref, "semver"); text(semver) != "" && text(get(ref, "digest")) == "" {
		r.skip(url, dockerfile.Unfollowed("follows the versions "+text(semver)+" by itself"))
		return
	}
	name, err := r.field(url, nil)
	tag, err := r.field(get(ref, "tag"), err)
	digest, err := r.field(get(ref, "digest"), err)
	if err != nil {
		r.skip(url, err)
		return
	}
	name = name.Slice(len(scheme), len(name.String()))
	span, _ := name.Span()
	found, err := r.Join(r.kind, span, name, tag, digest)
	if err == nil {
		s := split{tag: get(ref, "tag"), digest: get(ref, "digest")}
		if isScalar(s.tag) {
			s.pin = r.beside(ref, s.tag, "digest")
		} else {
			found.Pin = nil
		}
		r.finish(&found, s)
	}
	r.take(found, err, span.Start, text(url))
}
