package resolver

import (
	"context"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/google"
)

// googleKeychain uses Google's application default credentials, for Google's registries only. Unlike the library's keychain it looks
// again when there were none, and asks no gcloud.
type googleKeychain struct {
	find  func(context.Context) (authn.Authenticator, error)
	found *cache[struct{}, authn.Authenticator]
}

func newGoogleKeychain(now func() time.Time, find func(context.Context) (authn.Authenticator, error)) *googleKeychain {
	life := func(error) time.Duration { return 10 * time.Minute } // without a metadata server the search takes seconds
	return &googleKeychain{find: find, found: newCache[struct{}, authn.Authenticator](now, life)}
}

// applicationDefault finds credentials that renew themselves: they must not end with the context that found them.
func applicationDefault(ctx context.Context) (authn.Authenticator, error) {
	return google.NewEnvAuthenticator(context.WithoutCancel(ctx))
}

func (k *googleKeychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), target)
}

func (k *googleKeychain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	host := target.RegistryStr()
	if host != "gcr.io" && !strings.HasSuffix(host, ".gcr.io") && !strings.HasSuffix(host, ".pkg.dev") {
		return authn.Anonymous, nil
	}
	auth, err := k.found.get(ctx, struct{}{}, k.find)
	if err != nil {
		return authn.Anonymous, nil // the usual case: not at Google, and the image is public
	}
	return auth, nil
}
