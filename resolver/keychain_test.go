package resolver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
)

// found renders what a keychain has for an image.
func found(t *testing.T, keychain authn.Keychain, image string) string {
	t.Helper()
	repo, err := name.NewRepository(image)
	if err != nil {
		t.Fatal(err)
	}
	auth, err := authn.Resolve(t.Context(), keychain, repo)
	if err != nil {
		return "error: " + err.Error()
	}
	config, err := auth.Authorization()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(config.Username+" "+config.Password+config.IdentityToken, " ")
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// helper puts a credential helper first on the path.
func helper(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "docker-credential-"+name), "#!/bin/sh\n"+script, 0o755)
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func TestPodmanAuthFile(t *testing.T) {
	helper(t, "test", `read server || true; echo "{\"Username\":\"<token>\",\"Secret\":\"for $server\"}"`)
	home := t.TempDir()
	file := filepath.Join(home, ".config/containers/auth.json")
	write(t, file, `{
		"auths": {
			"quay.io": {"auth": "YTpi"}, "quay.io/acme": {"auth": "Yzpk"}, "docker.io": {"auth": "aHViOnM="}, "ghcr.io/x": {}
		},
		"credHelpers": {"reg.example.com": "test", "evil.example.com": "../../bin/sh"}
	}`, 0o600)
	keychain := podmanKeychain{getenv: func(key string) string { return map[string]string{"HOME": home}[key] }}
	for image, want := range map[string]string{
		"quay.io/acme/base":     "c d",
		"quay.io/acme2/base":    "a b",
		"library/debian":        "hub s",
		"ghcr.io/x/y":           "",
		"reg.example.com/a/b":   "for reg.example.com",
		"evil.example.com/base": "error: run docker-credential-../../bin/sh: not a name",
		"other.example.com/x":   "",
	} {
		if got := found(t, keychain, image); got != want {
			t.Errorf("%s: got %q, want %q", image, got, want)
		}
	}
	write(t, file, "{", 0o600)
	if got := found(t, keychain, "quay.io/acme"); got != "error: read "+file+": unexpected EOF" {
		t.Errorf("of a broken file: %q", got)
	}
	keychain.getenv = func(string) string { return filepath.Join(home, "none") }
	if got := found(t, keychain, "quay.io/acme"); got != "" {
		t.Errorf("of no file: %q", got)
	}
}

func TestCloudHelpers(t *testing.T) {
	helper(t, "ecr-login", `read server || true; echo "{\"Username\":\"AWS\",\"Secret\":\"$server\"}"`)
	helper(t, "acr-env", `echo "no environment" >&2; exit 1`)
	for image, want := range map[string]string{
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com/base":   "AWS 123456789012.dkr.ecr.eu-central-1.amazonaws.com",
		"123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/base":  "AWS 123456789012.dkr.ecr.us-gov-west-1.amazonaws.com",
		"123456789012.dkr.ecr.s3.amazonaws.com/base":             "",
		"123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil/x": "",
		"x.123456789012.dkr.ecr.eu-central-1.amazonaws.com/base": "",
		"acme.azurecr.io/base":                                   "error: run docker-credential-acr-env: exit status 1",
		"acme.azurecr.io.example.com/base":                       "",
		"docker.io/library/debian":                               "",
	} {
		if got := found(t, cloudHelpers, image); got != want {
			t.Errorf("%s: got %q, want %q", image, got, want)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if got := found(t, cloudHelpers, "acme.azurecr.io/base"); got != "error: docker-credential-acr-env is not installed" {
		t.Errorf("without the helper: %q", got)
	}
}

func TestHelperThatTalksTooMuch(t *testing.T) {
	helper(t, "ecr-login", "yes")
	got := found(t, cloudHelpers, "123456789012.dkr.ecr.eu-central-1.amazonaws.com/base")
	if !strings.HasPrefix(got, "error: run docker-credential-ecr-login: ") || strings.Contains(got, "killed") { // it ends by itself
		t.Errorf("got %q", got)
	}
}

func TestGoogleKeychain(t *testing.T) {
	t.Parallel()
	searches := 0
	var failure error = errors.New("no credentials")
	now := time.Unix(0, 0)
	keychain := newGoogleKeychain(func() time.Time { return now }, func(context.Context) (authn.Authenticator, error) {
		searches++
		return authn.FromConfig(authn.AuthConfig{Username: "_token", Password: "adc"}), failure
	})
	for _, step := range []struct {
		image, want string
		searches    int
	}{
		{"gcr.io/acme/base", "", 1},
		{"europe-docker.pkg.dev/acme/base", "", 1},
		{"gcr.io.example.com/base", "", 1},
	} {
		if got := found(t, keychain, step.image); got != step.want || searches != step.searches {
			t.Errorf("%s: got %q after %d searches", step.image, got, searches)
		}
	}
	failure, now = nil, now.Add(time.Hour)
	if got := found(t, keychain, "eu.gcr.io/acme/base"); got != "_token adc" || searches != 2 {
		t.Errorf("later: got %q after %d searches", got, searches)
	}
}

// TestDockerConfig has each way in which docker's configuration can hold credentials, and GitHub's token.
func TestDockerConfig(t *testing.T) {
	helper(t, "vault", `read server || true; echo "{\"Username\":\"vault\",\"Secret\":\"$server\"}"`)
	helper(t, "store", `read server || true
		case "$server" in
		stored.example.com) echo '{"Username":"stored","Secret":"s"}' ;;
		*) echo "credentials not found in native keychain"; exit 1 ;;
		esac`)
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("DOCKER_CONFIG", dir)
	for _, name := range []string{"REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"} {
		t.Setenv(name, "")
	}
	t.Setenv("GITHUB_TOKEN", "ghs_token")
	const auths = `"auths": {"https://index.docker.io/v1/": {"auth": "aHViOnM="}, "plain.example.com": {"auth": "YTpi"}, "localhost:5000": {"auth": "bDpt"}}`
	for config, want := range map[string]map[string]string{
		`{` + auths + `}`: {
			"library/debian":        "hub s",
			"plain.example.com/a/b": "a b",
			"localhost:5000/a":      "l m",
			"localhost:5001/a":      "",
			"ghcr.io/acme/base":     "unset ghs_token",
		},
		`{` + auths + `, "credHelpers": {"helped.example.com": "vault"}, "credsStore": "store"}`: {
			"helped.example.com/a/b":    "vault helped.example.com",
			"helped.example.com.evil/a": "",
			"stored.example.com/a/b":    "stored s",
			"other.example.com/a":       "",
		},
	} {
		write(t, filepath.Join(dir, "config.json"), config, 0o600)
		for image, want := range want {
			if got := found(t, Credentials(), image); got != want {
				t.Errorf("%s: got %q, want %q", image, got, want)
			}
		}
	}
}

func TestChainGoesOnAfterFailure(t *testing.T) {
	t.Parallel()
	broken := keychainFunc(func() (authn.Authenticator, error) { return nil, errors.New("broken") })
	empty := keychainFunc(func() (authn.Authenticator, error) { return authn.Anonymous, nil })
	full := keychainFunc(func() (authn.Authenticator, error) { return &authn.Basic{Username: "a", Password: "b"}, nil })
	for want, keychains := range map[string]chain{"a b": {broken, empty, full}, "error: broken": {empty, broken}, "": {empty}} {
		if got := found(t, keychains, "quay.io/acme/base"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if n := len(Credentials().(chain)); n != 5 {
		t.Errorf("%d sources", n)
	}
}

type keychainFunc func() (authn.Authenticator, error)

func (f keychainFunc) Resolve(authn.Resource) (authn.Authenticator, error) { return f() }

func TestUnreadableCredentialsAreToldWithTheRefusal(t *testing.T) {
	t.Parallel()
	err := &refusal{identity{who: anonymous, unreadable: fmt.Errorf("run docker-credential-desktop: %w", os.ErrNotExist)}, errors.New("x")}
	v := judgeRefusal(endpoint{}, 401, err)
	if want := "its credentials could not be read: run docker-credential-desktop: file does not exist"; v.hint != want {
		t.Errorf("got %q, want %q", v.hint, want)
	}
}
