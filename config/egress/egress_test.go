package egress_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/egress"
	"github.com/basebump/basebump/config/fault"
)

func serve(t *testing.T, handler http.HandlerFunc) (server *httptest.Server, addr string) {
	t.Helper()
	server = httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server, strings.TrimPrefix(server.URL, "http://")
}

func get(t *testing.T, transport *http.Transport, target string) (string, error) {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	resp, err := (&http.Client{Transport: transport}).Get(target)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), nil
}

func wantRefused(t *testing.T, err error, text string) {
	t.Helper()
	if fault.ClassOf(err) != fault.Permanent {
		t.Fatalf("got %v of class %q, want a permanent refusal", err, fault.ClassOf(err))
	}
	if got := fault.Text(err); !strings.HasSuffix(got, text) {
		t.Errorf("got %q, want it to end in %q", got, text)
	}
}

func TestLoopbackNeedsName(t *testing.T) {
	t.Parallel()
	calls := 0
	server, addr := serve(t, func(w http.ResponseWriter, _ *http.Request) { calls++; _, _ = io.WriteString(w, "hello") })

	_, err := get(t, egress.Transport(), server.URL)
	wantRefused(t, err, "connect to "+addr+": 127.0.0.1 is a loopback address; name this registry under `registries` to allow it")
	if calls != 0 {
		t.Errorf("a refused host was asked %d times", calls)
	}
	if body, err := get(t, egress.Transport(addr), server.URL); err != nil || body != "hello" {
		t.Errorf("a named host: %q, %v", body, err)
	}
	_, err = get(t, egress.Transport("127.0.0.1"), server.URL)
	if fault.ClassOf(err) != fault.Permanent {
		t.Errorf("a name without port covers port %s: %v", addr, err)
	}
}

func TestNameThatResolvesToLoopback(t *testing.T) {
	t.Parallel()
	server, addr := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, _ := strings.Cut(addr, ":")
	_, err := get(t, egress.Transport(addr), "http://localhost:"+port)
	if fault.ClassOf(err) != fault.Permanent {
		t.Errorf("localhost passed as %s: %v", server.URL, err)
	}
	if _, err := get(t, egress.Transport("LOCALHOST:"+port), "http://Localhost:"+port); err != nil {
		t.Errorf("a named host in another case: %v", err)
	}
}

func TestRedirectLeavesTheNamedHost(t *testing.T) {
	t.Parallel()
	inner, innerAddr := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") })
	outer, outerAddr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inner.URL, http.StatusTemporaryRedirect)
	})
	_, err := get(t, egress.Transport(outerAddr), outer.URL)
	wantRefused(t, err, "connect to "+innerAddr+": 127.0.0.1 is a loopback address; name this registry under `registries` to allow it")
	if body, err := get(t, egress.Transport(outerAddr, innerAddr), outer.URL); err != nil || body != "secret" {
		t.Errorf("both hosts named: %q, %v", body, err)
	}
}

func TestProxyOfTheEnvironment(t *testing.T) {
	asked := ""
	server, _ := serve(t, func(_ http.ResponseWriter, r *http.Request) { asked = r.URL.String() })
	proxy, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HTTP_PROXY", proxy.String())
	t.Setenv("NO_PROXY", "")
	if _, err := get(t, egress.Transport(), "http://registry.example.com/v2/"); err != nil {
		t.Fatal(err)
	}
	if asked != "http://registry.example.com/v2/" {
		t.Errorf("the proxy was asked for %q", asked)
	}
	_, err = get(t, egress.Transport(), "http://169.254.169.254/latest/meta-data/")
	wantRefused(t, err, "connect to 169.254.169.254:80: 169.254.169.254 is a link-local address; name this registry under `registries` to allow it")
	if _, err := get(t, egress.Transport("10.0.0.7:5000"), "http://10.0.0.7:5000/v2/"); err != nil {
		t.Errorf("a named address through the proxy: %v", err)
	}
}
