package clair

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

const maxManifest = 4 << 20

// identityUser is the user name by which Docker's own configuration marks a password as an identity token.
const identityUser = "<token>"

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

// witness bounds the answers of a registry, keeps requests off plain HTTP, and remembers by which credentials the registry gave out a manifest:
// they hold for the layers of the same repository too.
type witness struct {
	base  http.RoundTripper
	plain bool
	host  string

	mu            sync.Mutex
	scheme        string
	authorization string
}

func (w *witness) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && !w.plain {
		return nil, &fault.Error{
			Class: fault.Permanent, Err: fmt.Errorf("%s is not asked over plain HTTP", req.URL.Host),
			Hint: "set `insecure: true` for this registry under `registries` to allow it",
		}
	}
	resp, err := w.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxManifest)
	if resp.StatusCode == http.StatusOK && req.URL.Host == w.host && strings.Contains(req.URL.Path, "/manifests/") {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.scheme, w.authorization = req.URL.Scheme, req.Header.Get("Authorization")
	}
	return resp, nil
}

func (w *witness) headers() map[string][]string {
	if w.authorization == "" {
		return nil
	}
	return map[string][]string{"Authorization": {w.authorization}}
}

// explain gives an error from a registry its class and hint; errors that have one keep it.
func explain(err error) error {
	err = fmt.Errorf("read the image's manifest: %w", err)
	answer, answered := errors.AsType[*transport.Error](err)
	switch {
	case fault.ClassOf(err) != fault.Unknown:
		return err
	case !answered:
		return &fault.Error{Class: fault.Retry, Err: err}
	case answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden:
		return &fault.Error{Class: fault.Auth, Err: err, Hint: "add credentials under `registries`"}
	case answer.StatusCode == http.StatusNotFound:
		return &fault.Error{Class: fault.NotFound, Err: err}
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= http.StatusInternalServerError:
		return &fault.Error{Class: fault.Retry, Err: err}
	}
	return &fault.Error{Class: fault.Permanent, Err: err}
}
