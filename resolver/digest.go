package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Digest returns what the tag answers now: an index digest where there is an index. It costs one HEAD request beside the login;
// where that does not tell, one GET.
func (c *Client) Digest(ctx context.Context, image, tag string) (string, error) {
	var digest string
	q := question{op: "resolve", image: image, suffix: ":" + tag, missing: "tag not found in " + image}
	err := c.ask(ctx, q, func(s *session) (err error) {
		digest, err = s.digest(ctx, tag)
		return err
	})
	return digest, err
}

func (s *session) digest(ctx context.Context, tag string) (string, error) {
	valid, err := name.NewTag("host.invalid/x:"+tag, name.StrictValidation)
	if err != nil {
		return "", err
	}
	ref := s.repo.Tag(valid.TagStr())
	head, err := s.puller.Head(ctx, ref)
	if err == nil {
		return head.Digest.String(), nil
	}
	if !getMayTell(err) {
		return "", err
	}
	full, err := s.puller.Get(ctx, ref)
	if err != nil {
		return "", err
	}
	if !isManifest(full.Manifest) {
		return "", errNoManifestServed
	}
	return full.Digest.String(), nil
}

// errNoManifestServed is a page in place of a manifest, of a login or of a proxy. It has a hash too.
var errNoManifestServed = errors.New("the registry answered something that is no manifest")

// isManifest tells manifests and indexes, of Docker and of OCI, from anything else.
func isManifest(body []byte) bool {
	var manifest struct {
		SchemaVersion int `json:"schemaVersion"`
	}
	return json.Unmarshal(body, &manifest) == nil && manifest.SchemaVersion > 0
}

// getMayTell says whether a failed HEAD leaves it to a GET: the answer lacked a header, the method is not served, or it is a 404,
// which some registries answer to every HEAD and none can explain without a body.
func getMayTell(err error) bool {
	if answer, ok := errors.AsType[*transport.Error](err); ok {
		switch answer.StatusCode {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return true
		}
		return false
	}
	_, network := errors.AsType[*url.Error](err)
	return !network
}
