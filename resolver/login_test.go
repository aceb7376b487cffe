package resolver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/authn"
)

const someDigest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

// tokenRegistry wants a token from the realm for every repository, and from the realm the credentials, when there are any to want.
func tokenRegistry(realm, username, password string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		scope := req.URL.Query().Get("scope")
		switch {
		case req.URL.Path == "/token":
			if user, pass, _ := req.BasicAuth(); user != username || pass != password {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			_ = json.NewEncoder(w).Encode(map[string]string{"access_token": "for " + scope})
		case !strings.HasPrefix(req.Header.Get("Authorization"), "Bearer for repository:"):
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm=%q,service="quay"`, realm))
			w.WriteHeader(http.StatusUnauthorized)
		default:
			manifestHeaders(w)
		}
	})
}

func manifestHeaders(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
	w.Header().Set("Content-Length", "2")
	w.Header().Set("Docker-Content-Digest", someDigest)
}

func TestOneTokenPerRepository(t *testing.T) {
	t.Parallel()
	r := serve(t, tokenRegistry("https://auth.quay.io/token", "", ""))
	c := client(t, resolver.Options{Transport: r.stands()})
	for _, ref := range []string{"base:1", "base:2", "base:3", "other:1"} {
		repo, tag, _ := strings.Cut(ref, ":")
		if _, err := c.Digest(t.Context(), "quay.io/acme/"+repo, tag); err != nil {
			t.Fatal(err)
		}
	}
	wantAsked(t, r, "GET quay.io/v2/",
		"GET auth.quay.io/token?scope=repository%3Aacme%2Fbase%3Apull&service=quay",
		"HEAD quay.io/v2/acme/base/manifests/1", "HEAD quay.io/v2/acme/base/manifests/2", "HEAD quay.io/v2/acme/base/manifests/3",
		"GET auth.quay.io/token?scope=repository%3Aacme%2Fother%3Apull&service=quay",
		"HEAD quay.io/v2/acme/other/manifests/1")
	want := map[string]int{"quay.io": 5, "auth.quay.io": 2}
	if diff := cmp.Diff(want, c.RequestsByHost()); diff != "" || c.Requests() != 7 {
		t.Errorf("counted %d: %s", c.Requests(), diff)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	r := serve(t, tokenRegistry("https://auth.quay.io/token", "bot", "secret"))
	keychain := keychain{"quay.io": {Username: "keychain", Password: "secret"}}
	for _, tc := range []struct {
		name       string
		registries []resolver.Registry
		keychain   authn.Keychain
		want       string // error; empty: resolved
	}{
		{"none", nil, nil, "quay.io answered 401 to anonymous; add credentials under registries"},
		{"configured", []resolver.Registry{{Host: "quay.io", Username: "bot", Password: "secret"}}, nil, ""},
		{"configured before the keychain", []resolver.Registry{{Host: "quay.io", Username: "bot", Password: "secret"}}, keychain, ""},
		{"of the keychain", nil, keychain, "quay.io answered 401 to user keychain; check the credentials for quay.io"},
		{"of another host", []resolver.Registry{{Host: "docker.io", Username: "bot", Password: "secret"}}, nil, "quay.io answered 401 to anonymous; add credentials under registries"},
		{"of another path", []resolver.Registry{{Host: "quay.io/acme2", Username: "bot", Password: "secret"}}, nil, "quay.io answered 401 to anonymous; add credentials under registries"},
		{
			"the longest match",
			[]resolver.Registry{{Host: "quay.io", Username: "x", Password: "x"}, {Host: "quay.io/acme", Username: "bot", Password: "secret"}, {Host: "quay.io/a", Username: "y", Password: "y"}},
			nil, "",
		},
		{"wrong", []resolver.Registry{{Host: "quay.io", Username: "bot", Password: "old"}}, nil, "quay.io answered 401 to user bot; check the credentials for quay.io"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, resolver.Options{Registries: tc.registries, Keychain: tc.keychain, Transport: r.stands()})
			_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
			if tc.want != "" {
				wantError(t, err, fault.Auth, "resolve quay.io/acme/base:3: "+tc.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

// keychain holds credentials by host.
type keychain map[string]authn.AuthConfig

func (k keychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	if config, ok := k[target.RegistryStr()]; ok {
		return authn.FromConfig(config), nil
	}
	return authn.Anonymous, nil
}

// TestCredentialsStayHome asks a registry that redirects elsewhere, to a host that asks for them.
func TestCredentialsStayHome(t *testing.T) {
	t.Parallel()
	var leaked []string
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		auth := req.Header.Get("Authorization")
		if req.Host != "quay.io" {
			if auth != "" {
				leaked = append(leaked, req.Method+" "+req.Host+" "+auth)
			}
			w.Header().Set("WWW-Authenticate", `Basic realm="give"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if auth == "" {
			w.Header().Set("WWW-Authenticate", `Basic realm="quay"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		http.Redirect(w, req, "https://evil.example"+req.URL.Path, http.StatusTemporaryRedirect)
	}))
	c := client(t, resolver.Options{Registries: []resolver.Registry{{Host: "quay.io", Username: "bot", Password: "secret"}}, Transport: r.stands()})
	_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
	wantError(t, err, fault.Auth, "resolve quay.io/acme/base:3: quay.io answered 401 to user bot; check the credentials for quay.io")
	if len(leaked) > 0 {
		t.Errorf("credentials went elsewhere: %q", leaked)
	}
	if asked := r.asked(); !slices.Contains(asked, "HEAD evil.example/v2/acme/base/manifests/3") {
		t.Errorf("the redirect was not followed: %q", asked)
	}
}

func TestMirror(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, image string
		registry    resolver.Registry
		want        []string
	}{
		{
			"docker hub", "docker.io/library/debian",
			resolver.Registry{Host: "docker.io", Mirror: "http://mirror.lan:5000/hub/"},
			[]string{"GET mirror.lan:5000/v2/", "HEAD mirror.lan:5000/v2/hub/library/debian/manifests/12"},
		},
		{
			"no path", "ghcr.io/acme/base",
			resolver.Registry{Host: "ghcr.io", Mirror: "mirror.lan"},
			[]string{"GET mirror.lan/v2/", "HEAD mirror.lan/v2/acme/base/manifests/12"},
		},
		{
			"not for others", "quay.io/acme/base",
			resolver.Registry{Host: "ghcr.io", Mirror: "mirror.lan"},
			[]string{"GET quay.io/v2/", "HEAD quay.io/v2/acme/base/manifests/12"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { manifestHeaders(w) }))
			c := client(t, resolver.Options{Registries: []resolver.Registry{tc.registry}, Transport: r.stands()})
			if _, err := c.Digest(t.Context(), tc.image, "12"); err != nil {
				t.Error(err)
			}
			wantAsked(t, r, tc.want...)
		})
	}
}

func TestBadRegistries(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		registry resolver.Registry
		want     string
	}{
		{resolver.Registry{Host: "ghcr.io", Mirror: "ftp://mirror"}, `read mirror of ghcr.io: not an http or https URL`},
		{resolver.Registry{Host: "ghcr.io", Mirror: "https://bot:secret@mirror"}, `read mirror of ghcr.io: it holds credentials; give them as username and password`},
		{resolver.Registry{Host: "a b"}, `read registry "a b": registries must be valid RFC 3986 URI authorities: a b`},
	} {
		_, err := resolver.New(resolver.Options{Registries: []resolver.Registry{tc.registry}})
		if err == nil || err.Error() != tc.want {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	c := client(t, resolver.Options{
		Registries: []resolver.Registry{
			{Host: "docker.io", Mirror: "http://mirror.lan:5000/hub", Username: "bot", Password: "secret"},
			{Host: "reg.lan:5000", Insecure: true},
		},
		Keychain: keychain{"ghcr.io": {Username: "me", Password: "mine"}, "quay.io": {IdentityToken: "token"}},
	})
	for image, want := range map[string]resolver.Access{
		"docker.io/library/debian": {Repository: "mirror.lan:5000/hub/library/debian", Insecure: true, Private: true, Username: "bot", Password: "secret"},
		"reg.lan:5000/a/b":         {Repository: "reg.lan:5000/a/b", Insecure: true, Private: true},
		"ghcr.io/acme/base":        {Repository: "ghcr.io/acme/base", Username: "me", Password: "mine"},
		"quay.io/acme/base":        {Repository: "quay.io/acme/base", Token: "token"},
		"example.com/acme/base":    {Repository: "example.com/acme/base"},
	} {
		got, err := c.Access(t.Context(), image)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", image, err, diff)
		}
	}
	if c.Requests() != 0 {
		t.Errorf("%d requests were sent", c.Requests())
	}
}
