package resolver

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/google/go-containerregistry/pkg/name"
)

// dockerHub is how references name Docker Hub; its registry API answers at name.DefaultRegistry.
const dockerHub = "docker.io"

// entry is a Registry, parsed.
type entry struct {
	Registry
	match  string // canonical host, with a path where the operator gave one
	asked  string // host that is dialled
	prefix string // path that a mirror puts before the image's
	plain  bool
}

// endpoint is where one image is asked for.
type endpoint struct {
	image string // canonical repository, as references name it
	repo  name.Repository
	entry *entry // nil when the operator says nothing of it
}

// host names the registry in messages.
func (e endpoint) host() string {
	if e.repo.RegistryStr() == name.DefaultRegistry {
		return dockerHub
	}
	return e.repo.RegistryStr()
}

func parseRegistries(registries []Registry) ([]entry, error) {
	entries := make([]entry, 0, len(registries))
	for _, r := range registries {
		host, path, _ := strings.Cut(strings.Trim(r.Host, "/"), "/")
		e := entry{Registry: r, match: canonicalHost(host), asked: askedHost(host), plain: r.Insecure}
		if path != "" {
			e.match += "/" + path
		}
		if r.Mirror != "" {
			mirror, err := parseMirror(r.Mirror)
			if err != nil {
				return nil, fmt.Errorf("read mirror of %s: %w", r.Host, err)
			}
			e.asked, e.prefix = mirror.Host, strings.Trim(mirror.Path, "/")
			e.plain = r.Insecure || mirror.Scheme == "http"
		}
		if _, err := name.NewRegistry(e.asked, name.StrictValidation); err != nil {
			return nil, fmt.Errorf("read registry %q: %w", r.Host, err)
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return len(b.match) - len(a.match) })
	return entries, nil
}

func parseMirror(raw string) (*url.URL, error) {
	if !strings.Contains(raw, "://") {
		raw = "https://" + raw
	}
	mirror, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, err
	case mirror.Host == "" || (mirror.Scheme != "http" && mirror.Scheme != "https"):
		return nil, errors.New("not an http or https URL")
	case mirror.User != nil:
		return nil, errors.New("it holds credentials; give them as username and password")
	}
	return mirror, nil
}

// endpoint finds where an image is asked for. A reference without a host is Docker Hub's.
func (c *Client) endpoint(image string) (endpoint, error) {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return endpoint{}, err
	}
	if !reference.IsNameOnly(named) {
		return endpoint{}, errors.New("an image is named without tag and digest here")
	}
	host, path := canonicalHost(reference.Domain(named)), reference.Path(named)
	e := endpoint{image: host + "/" + path}
	asked := askedHost(host)
	for i := range c.registries {
		if under(e.image, c.registries[i].match) {
			e.entry = &c.registries[i]
			asked, path = e.entry.asked, strings.Trim(e.entry.prefix+"/"+path, "/")
			break
		}
	}
	registry, err := name.NewRegistry(asked, name.StrictValidation)
	e.repo = registry.Repo(path)
	return e, err
}

func under(image, prefix string) bool {
	rest, ok := strings.CutPrefix(image, prefix)
	return ok && (rest == "" || rest[0] == '/')
}

func canonicalHost(host string) string {
	switch host = strings.ToLower(host); host {
	case name.DefaultRegistry, "registry-1.docker.io", "registry.hub.docker.com":
		return dockerHub
	}
	return host
}

func askedHost(host string) string {
	if host = canonicalHost(host); host != dockerHub {
		return host
	}
	return name.DefaultRegistry
}

func namedHosts(entries []entry) []string {
	var hosts []string
	for _, e := range entries {
		host, _, _ := strings.Cut(e.match, "/")
		hosts = append(hosts, askedHost(host), e.asked)
	}
	return hosts
}

func plainHosts(entries []entry) map[string]bool {
	plain := map[string]bool{}
	for _, e := range entries {
		if e.plain {
			plain[strings.ToLower(e.asked)] = true
		}
	}
	return plain
}
