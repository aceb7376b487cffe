package resolver

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/authn/github"
)

// Credentials returns the keychains of this machine, asked in this order. A new source is a file with a keychain, and a line here.
func Credentials() authn.Keychain {
	return chain{
		podmanKeychain{getenv: os.Getenv},
		authn.DefaultKeychain, // docker's config.json with its credHelpers and credsStore
		github.Keychain,       // GITHUB_TOKEN, for ghcr.io
		newGoogleKeychain(time.Now, applicationDefault),
		cloudHelpers,
	}
}

// chain takes the first credentials that it finds. A source that fails does not hide the others, but says so when none has any.
type chain []authn.Keychain

func (c chain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return c.ResolveContext(context.Background(), target)
}

func (c chain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	var failed []error
	for _, keychain := range c {
		auth, err := authn.Resolve(ctx, keychain, target)
		switch {
		case err != nil:
			failed = append(failed, err)
		case auth != authn.Anonymous:
			return auth, nil
		}
	}
	return authn.Anonymous, errors.Join(failed...)
}
