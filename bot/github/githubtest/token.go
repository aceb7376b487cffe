package githubtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// kind says what sort of credentials a request carries.
type kind int

const (
	anonymous kind = iota
	appJWT
	installationToken
	personalToken
)

// token is a set of credentials and what they open.
type token struct {
	kind         kind
	value        string
	account      *account // acts as; the bot of an App
	installation *installation
	selected     []int64           // repository ids; nil is all that the installation has
	permissions  map[string]string // of an installation token: name → read or write
	expires      time.Time         // zero: never
	bucket       string            // whose limit it spends, in the words of GitHub's message
}

// mint returns a token value that no one can mistake for a real one, without a source of randomness.
func (s *Server) mint(prefix string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "githubtest %s %d", prefix, s.nextID()))
	return prefix + hex.EncodeToString(sum[:])[:36]
}

// authenticate finds out who calls. Wrong credentials are refused even where none are needed.
func (s *Server) authenticate(c *call) error {
	c.token = &token{kind: anonymous, bucket: "127.0.0.1"}
	value, err := credentials(c.request)
	if err != nil || value == "" {
		return err
	}
	if strings.Count(value, ".") == 2 {
		verified, err := s.verifyJWT(value, c.at)
		if err != nil {
			return err
		}
		c.token = verified
		return nil
	}
	found := s.tokens[value]
	if found == nil || !found.expires.IsZero() && !c.at.Before(found.expires) {
		return errBadCredentials
	}
	if found.installation != nil && !found.installation.suspended.IsZero() {
		return refuse(http.StatusForbidden, "This installation has been suspended")
	}
	c.token = found
	return nil
}

// credentials takes the token out of the Authorization header.
func credentials(r *http.Request) (string, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return "", nil
	}
	if _, password, ok := r.BasicAuth(); ok {
		return password, nil
	}
	scheme, value, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "token") && !strings.EqualFold(scheme, "bearer") || value == "" {
		return "", errBadCredentials
	}
	return strings.TrimSpace(value), nil
}

// covers reports whether the credentials were given for the repository, public or not.
func (t *token) covers(repo *repository) bool {
	switch t.kind {
	case installationToken:
		return t.installation.has(repo) && (t.selected == nil || slices.Contains(t.selected, repo.id))
	case personalToken:
		return repo.role(t.account) != ""
	}
	return false
}
