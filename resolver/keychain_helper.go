package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
)

const helperTimeout = 30 * time.Second

// cloudHelpers asks the clouds' own docker credential helpers where they are installed, without docker being configured for it. Their
// logic is not linked in: each would bring a cloud's whole SDK.
var cloudHelpers = helperKeychain{
	{regexp.MustCompile(`^\d{12}\.dkr[.-]ecr(-fips)?\.[a-z]{2,3}(-[a-z]+)+-\d+\.amazonaws\.com(\.cn)?$`), "ecr-login"},
	{regexp.MustCompile(`^[a-z0-9-]+\.azurecr\.(io|cn|us)$`), "acr-env"},
}

// helperKeychain pairs registries' hosts with the suffix of a program docker-credential-….
type helperKeychain []struct {
	hosts  *regexp.Regexp
	helper string
}

func (k helperKeychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), target)
}

func (k helperKeychain) ResolveContext(ctx context.Context, target authn.Resource) (authn.Authenticator, error) {
	for _, row := range k {
		if !row.hosts.MatchString(target.RegistryStr()) {
			continue
		}
		auth, err := askHelper(ctx, row.helper, target.RegistryStr())
		if errors.Is(err, exec.ErrNotFound) { // told only if the registry refuses: some are public
			return nil, fmt.Errorf("docker-credential-%s is not installed", row.helper)
		}
		return auth, err
	}
	return authn.Anonymous, nil
}

// askHelper speaks docker's credential helper protocol: the server on standard input, JSON on standard output.
func askHelper(ctx context.Context, helper, server string) (authn.Authenticator, error) {
	program := "docker-credential-" + helper
	if strings.ContainsAny(helper, `/\`) {
		return nil, fmt.Errorf("run %s: not a name", program)
	}
	ctx, cancel := context.WithTimeout(ctx, helperTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "get")
	cmd.Stdin = strings.NewReader(server)
	cmd.WaitDelay = time.Second
	var out limitedBuffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("run %s: %w", program, err)
	}
	var answer struct{ Username, Secret string }
	if err := json.Unmarshal(out.kept, &answer); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", program, err)
	}
	if answer.Username == "<token>" {
		return authn.FromConfig(authn.AuthConfig{IdentityToken: answer.Secret}), nil
	}
	return authn.FromConfig(authn.AuthConfig{Username: answer.Username, Password: answer.Secret}), nil
}

// limitedBuffer keeps what a helper may sensibly say. It embeds no buffer, whose other methods would lead past the limit.
type limitedBuffer struct{ kept []byte }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if len(b.kept)+len(p) > mib {
		return 0, errors.New("it says too much")
	}
	b.kept = append(b.kept, p...)
	return len(p), nil
}
