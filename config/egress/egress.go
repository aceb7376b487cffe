// Package egress dials hosts that a repository or a registry's answer may have chosen, and no address inside the operator's network
// unless the operator named that host. It judges the address at connect time, after DNS, so that redirects, token realms and
// names that resolve to something else the second time pass the same gate.
package egress

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/basebump/basebump/config/fault"
	"golang.org/x/net/http/httpproxy"
)

const (
	dialTimeout   = 10 * time.Second
	headerTimeout = 30 * time.Second
	headerBytes   = 256 << 10
)

// Transport returns a transport that refuses to connect to non-public addresses, with an error of class fault.Permanent. The hosts in
// named are exempt: each is "host:port", or "host" for its ports 80 and 443; where they redirect to is not. The proxies of the
// environment are used and exempt too: names asked through one are resolved by the proxy, so only literal addresses are refused there.
func Transport(named ...string) *http.Transport {
	exempt := map[string]bool{}
	for _, host := range named {
		for _, addr := range addresses(host) {
			exempt[addr] = true
		}
	}
	proxies := httpproxy.FromEnvironment()
	dial := dialer(exempt, proxyAddresses(proxies))
	return &http.Transport{
		Proxy:                  proxyFunc(proxies, exempt),
		DialContext:            dial,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: headerBytes,
	}
}

func dialer(exempt, proxies map[string]bool) func(ctx context.Context, network, addr string) (net.Conn, error) {
	open := &net.Dialer{Timeout: dialTimeout}
	guarded := &net.Dialer{Timeout: dialTimeout, Control: control}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if key := strings.ToLower(addr); exempt[key] || proxies[key] {
			return open.DialContext(ctx, network, addr)
		}
		conn, err := guarded.DialContext(ctx, network, addr)
		if refused, ok := errors.AsType[*refusedError](err); ok {
			return nil, refuse(addr, refused)
		}
		return conn, err
	}
}

// control runs for every address that a name resolved to, just before the connection is made.
func control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return check(target.Addr())
}

func proxyFunc(proxies *httpproxy.Config, exempt map[string]bool) func(*http.Request) (*url.URL, error) {
	choose := proxies.ProxyFunc()
	return func(req *http.Request) (*url.URL, error) {
		proxy, err := choose(req.URL)
		if proxy == nil || err != nil {
			return proxy, err
		}
		target := urlAddress(req.URL)
		ip, err := netip.ParseAddr(req.URL.Hostname())
		if err != nil || exempt[target] {
			return proxy, nil
		}
		if err := check(ip); err != nil {
			return nil, refuse(target, err)
		}
		return proxy, nil
	}
}

func proxyAddresses(proxies *httpproxy.Config) map[string]bool {
	found := map[string]bool{}
	for _, raw := range []string{proxies.HTTPProxy, proxies.HTTPSProxy} {
		if raw != "" && !strings.Contains(raw, "://") {
			raw = "http://" + raw // as httpproxy reads it
		}
		if proxy, err := url.Parse(raw); err == nil && proxy.Host != "" {
			found[urlAddress(proxy)] = true
		}
	}
	return found
}

func urlAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	if port == "" {
		port = "80"
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

// addresses returns what a transport dials for a host as it is configured.
func addresses(host string) []string {
	host = strings.ToLower(host)
	if _, _, err := net.SplitHostPort(host); err == nil {
		return []string{host}
	}
	host = strings.Trim(host, "[]")
	return []string{net.JoinHostPort(host, "443"), net.JoinHostPort(host, "80")}
}

func refuse(addr string, cause error) error {
	return &fault.Error{
		Op: "connect to", Target: addr, Class: fault.Permanent, Err: cause,
		Hint: "name this registry under `registries` to allow it",
	}
}
