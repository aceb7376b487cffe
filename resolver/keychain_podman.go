package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
)

// podmanKeychain reads the auth file of Podman, Buildah and Skopeo. Unlike docker's it may hold credentials for a part of a registry.
type podmanKeychain struct {
	getenv func(string) string
}

type authFile struct {
	Auths   map[string]authn.AuthConfig `json:"auths"`
	Helpers map[string]string           `json:"credHelpers"`
}

func (k podmanKeychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), target)
}

// ResolveContext takes the entry with the longest path that the target lies under.
func (k podmanKeychain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	path, file, err := k.read()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	image := target.String()
	if rest, ok := strings.CutPrefix(image, name.DefaultRegistry); ok {
		image = dockerHub + rest
	}
	for key := image; ; {
		if config, ok := file.Auths[key]; ok && config != (authn.AuthConfig{}) {
			return authn.FromConfig(config), nil
		}
		if helper, ok := file.Helpers[key]; ok {
			return askHelper(ctx, helper, key)
		}
		slash := strings.LastIndexByte(key, '/')
		if slash < 0 {
			return authn.Anonymous, nil
		}
		key = key[:slash]
	}
}

// read reads the first auth file that there is.
func (k podmanKeychain) read() (path string, file authFile, err error) {
	for _, path := range k.paths() {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return path, file, err
		}
		defer f.Close()
		return path, file, json.NewDecoder(io.LimitReader(f, mib)).Decode(&file)
	}
	return "", file, nil
}

func (k podmanKeychain) paths() []string {
	if path := k.getenv("REGISTRY_AUTH_FILE"); path != "" {
		return []string{path}
	}
	var paths []string
	if dir := k.getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append(paths, filepath.Join(dir, "containers", "auth.json"))
	}
	if dir := k.getenv("XDG_CONFIG_HOME"); dir != "" {
		paths = append(paths, filepath.Join(dir, "containers", "auth.json"))
	} else if home := k.getenv("HOME"); home != "" {
		paths = append(paths, filepath.Join(home, ".config", "containers", "auth.json"))
	}
	return paths
}
