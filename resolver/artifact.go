package resolver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/basebump/basebump/config/fault"
)

const (
	maxReferrerPages = 8
	maxArtifact      = 32 * mib // a bill of materials with every file of an image in it
)

// Referrers lists the artifacts that refer to a digest, as the registry's referrers API tells; whatever has no artifact type is left out.
// ok is false at a registry without that API. It costs one GET; a long list is read in up to eight pages and cut there.
func (c *Client) Referrers(ctx context.Context, image, digest string) (list []v1.Descriptor, ok bool, err error) {
	q := question{op: "list referrers of", image: image, suffix: "@" + digest, missing: "digest not found in " + image}
	err = c.ask(ctx, q, func(s *session) (err error) {
		list, ok, err = s.referrers(ctx, digest)
		return err
	})
	return list, ok, err
}

func (s *session) referrers(ctx context.Context, digest string) ([]v1.Descriptor, bool, error) {
	if _, err := v1.NewHash(digest); err != nil {
		return nil, false, err
	}
	page := url.URL{Scheme: "https", Host: s.repo.RegistryStr(), Path: "/v2/" + s.repo.RepositoryStr() + "/referrers/" + digest}
	var list []v1.Descriptor
	for range maxReferrerPages {
		some, query, ok, err := s.referrersPage(ctx, page)
		if err != nil || !ok {
			return nil, false, err
		}
		list = append(list, some...)
		if query == "" || query == page.RawQuery {
			break
		}
		page.RawQuery = query
	}
	return list, true, nil
}

// referrersPage reads one page and returns the query of the next, or "".
func (s *session) referrersPage(ctx context.Context, page url.URL) (list []v1.Descriptor, next string, ok bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return nil, "", false, err
	}
	req.Header.Set("Accept", string(types.OCIImageIndex))
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, "", false, err
	}
	defer resp.Body.Close()
	if lacksReferrers(resp) {
		return nil, "", false, nil
	}
	if err := transport.CheckError(resp, http.StatusOK); err != nil {
		return nil, "", false, err
	}
	var index manifest
	if err := json.NewDecoder(resp.Body).Decode(&index); err != nil {
		return nil, "", false, fmt.Errorf("read referrers: %w", err)
	}
	for _, d := range index.Manifests {
		if d.ArtifactType != "" {
			list = append(list, d)
		}
	}
	return list, nextQuery(resp.Header.Get("Link")), true, nil
}

// lacksReferrers says whether an answer is that of a registry without the API: to a path that it does not know it says not found, not
// allowed, not acceptable or, before it looks, not authorised, which nobody means who let us read the image itself; or it sends a page.
func lacksReferrers(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusOK:
		media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		return err != nil || media != string(types.OCIImageIndex)
	case http.StatusUnauthorized:
		return resp.Header.Get("WWW-Authenticate") == ""
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusNotImplemented:
		return true
	}
	return false
}

// Manifest returns a manifest's bytes, of at most 4 MiB, by its tag or digest. It costs one GET.
func (c *Client) Manifest(ctx context.Context, image, reference string) ([]byte, error) {
	var raw []byte
	q := question{op: "read", image: image, suffix: ":" + reference, missing: "tag not found in " + image}
	if strings.Contains(reference, ":") {
		q.suffix, q.missing = "@"+reference, "digest not found in "+image
	}
	err := c.ask(ctx, q, func(s *session) error {
		ref, err := s.reference(reference)
		if err != nil {
			return err
		}
		desc, err := s.puller.Get(ctx, ref)
		if err == nil {
			raw = desc.Manifest
		}
		return err
	})
	return raw, err
}

func (s *session) reference(text string) (name.Reference, error) {
	if strings.Contains(text, ":") {
		hash, err := v1.NewHash(text)
		return s.repo.Digest(hash.String()), err
	}
	tag, err := name.NewTag("host.invalid/x:"+text, name.StrictValidation)
	return s.repo.Tag(tag.TagStr()), err
}

// Blob returns a blob's bytes: those that its descriptor promises, of at most 32 MiB. It costs one GET.
func (c *Client) Blob(ctx context.Context, image string, wanted v1.Descriptor) ([]byte, error) {
	var raw []byte
	q := question{op: "read", image: image, suffix: "@" + wanted.Digest.String(), missing: "blob not found in " + image}
	err := c.ask(ctx, q, func(s *session) (err error) {
		raw, err = s.blob(allow(ctx, maxArtifact), wanted)
		return err
	})
	return raw, err
}

func (s *session) blob(ctx context.Context, wanted v1.Descriptor) ([]byte, error) {
	if wanted.Size < 0 || wanted.Size > maxArtifact {
		return nil, &fault.Error{Class: fault.Permanent, Err: &tooLargeError{maxArtifact}}
	}
	layer, err := s.puller.Layer(ctx, s.repo.Digest(wanted.Digest.String()))
	if err != nil {
		return nil, err
	}
	body, err := layer.Compressed() // as it is
	if err != nil {
		return nil, err
	}
	defer body.Close()
	raw, err := io.ReadAll(body)
	if err == nil && int64(len(raw)) != wanted.Size {
		err = fmt.Errorf("it has %d bytes, its descriptor says %d", len(raw), wanted.Size)
	}
	return raw, err
}
