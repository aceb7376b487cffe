package githubtest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"
)

// codeLife is how long the code of an App manifest can be exchanged, once.
const codeLife = time.Hour

var errManifest = errors.New("the manifest is not valid")

// manifest is what a setup page asks GitHub to make an App of.
type manifest struct {
	Name        string            `json:"name"`
	URL         string            `json:"url"`
	RedirectURL string            `json:"redirect_url"`
	Hook        map[string]any    `json:"hook_attributes"`
	Permissions map[string]string `json:"default_permissions"`
	Events      []string          `json:"default_events"`
}

// grantedCode waits for its exchange.
type grantedCode struct {
	manifest manifest
	expires  time.Time
}

func manifestRoutes() []route {
	return []route{
		{method: "POST", pattern: "/app-manifests/{code}/conversions", access: open(), status: 201, handle: (*Server).convertManifest},
	}
}

func parseManifest(text string) (manifest, error) {
	var m manifest
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return m, fmt.Errorf("%w: %w", errManifest, err)
	}
	_, secret := m.Hook["secret"]
	_, hookURL := m.Hook["url"].(string)
	switch {
	case m.URL == "":
		return m, fmt.Errorf("%w: \"url\" wasn't supplied", errManifest)
	case m.RedirectURL == "":
		return m, fmt.Errorf("%w: \"redirect_url\" wasn't supplied", errManifest)
	case secret:
		return m, fmt.Errorf("%w: Hook \"secret\" is not a permitted key", errManifest)
	case m.Hook != nil && !hookURL:
		return m, fmt.Errorf("%w: Hook url cannot be blank", errManifest)
	}
	return m, nil
}

// ConfirmManifest does what a person does on GitHub's page for an App manifest, and returns the code that the browser is sent back with.
func (s *Server) ConfirmManifest(text string) (code string, err error) {
	m, err := parseManifest(text)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	code = s.mint("")
	s.codes[code] = grantedCode{m, s.now().Add(codeLife)}
	return code, nil
}

// convertManifest registers the App, in place of the one there was, and hands out its secrets, which cannot be had again.
func (s *Server) convertManifest(c *call) (any, error) {
	granted, ok := s.codes[c.vars["code"]]
	delete(s.codes, c.vars["code"])
	if !ok || !c.at.Before(granted.expires) {
		return nil, errNotFound
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	m := granted.manifest
	permissions := maps.Clone(m.Permissions)
	if permissions == nil {
		permissions = map[string]string{}
	}
	permissions["metadata"] = "read"
	s.app = s.register(App{
		ID: s.nextID(), Slug: slug(m.Name), Key: &key.PublicKey, Permissions: permissions, Events: append([]string{}, m.Events...),
	})
	s.installations = nil
	maps.DeleteFunc(s.tokens, func(_ string, t *token) bool { return t.kind == installationToken })
	s.hook = Webhook{Secret: s.mint("")}
	s.hook.URL, _ = m.Hook["url"].(string)
	o := c.app(s.app)
	o["client_id"], o["client_secret"], o["webhook_secret"] = s.app.clientID, s.mint(""), s.hook.Secret
	o["pem"] = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	return o, nil
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

func slug(name string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
