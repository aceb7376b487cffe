package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// URL is an absolute http or https address, kept as it was written; it never holds credentials.
type URL string

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *URL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	switch {
	case err != nil || parsed.Hostname() == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") || !validPort(parsed.Port()):
		return errors.New("expected an address such as https://host/path")
	case parsed.User != nil:
		return errors.New("expected an address without user name and password; they have keys of their own")
	case parsed.RawQuery != "" || parsed.Fragment != "":
		return errors.New("expected an address without query and fragment")
	}
	*u = URL(text)
	return nil
}

func (URL) schema() map[string]any {
	return map[string]any{"type": "string", "format": "uri", "pattern": "^https?://"}
}

func validPort(port string) bool {
	if port == "" {
		return true
	}
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

// Host is a registry's name as references have it, in lower case: docker.io, ghcr.io, localhost:5000, [::1]:5000.
type Host string

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Host) UnmarshalText(text []byte) error {
	host := strings.ToLower(string(text))
	name, port := host, ""
	if n, p, err := net.SplitHostPort(host); err == nil && p != "" {
		name, port = n, p
	}
	address, err := netip.ParseAddr(strings.Trim(name, "[]"))
	bracketed := strings.HasPrefix(host, "[")
	valid := hostName.MatchString(name) || err == nil && address.Zone() == "" && address.Is6() == bracketed
	if !valid || !validPort(port) {
		return errors.New("expected a registry's host such as ghcr.io or registry.example.com:5000")
	}
	if host == "index.docker.io" || host == "registry-1.docker.io" { // Docker Hub's other names
		host = "docker.io"
	}
	*h = Host(host)
	return nil
}

func (Host) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^[^/\s]+$`}
}

// Addr is an address to listen on: HOST:PORT, where an empty host means every interface.
type Addr string

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Addr) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err != nil || port == "" || !validPort(port) {
		return errors.New("expected HOST:PORT, such as 127.0.0.1:8080 or :8080")
	}
	*a = Addr(text)
	return nil
}

func (Addr) schema() map[string]any { return map[string]any{"type": "string", "pattern": `:[0-9]+$`} }

// Path is a file, a folder or a file pattern, resolved against the configuration's folder.
type Path string
