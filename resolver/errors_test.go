package resolver_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
)

// answer lets the ping pass and gives everything else one answer.
func answer(status int, header http.Header, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/v2/" {
			return
		}
		for key, values := range header {
			w.Header()[key] = values
		}
		w.WriteHeader(status)
		if req.Method != http.MethodHead {
			_, _ = w.Write([]byte(body))
		}
	})
}

func registryError(code string) string {
	return fmt.Sprintf(`{"errors":[{"code":%q,"message":"hostile\nwords"}]}`, code)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		handler http.Handler
		class   fault.Class
		text    string
	}{
		{
			"rate limit", answer(429, http.Header{"Retry-After": {"72"}}, ""),
			fault.Retry, "429 too many requests; will try again at 14:05:12",
		},
		{"anonymous", answer(401, nil, registryError("UNAUTHORIZED")), fault.Auth, "quay.io answered 401 to anonymous; add credentials under registries"},
		{"forbidden", answer(403, nil, registryError("DENIED")), fault.Auth, "quay.io answered 403 to anonymous; add credentials under registries"},
		{"no tag", answer(404, nil, registryError("MANIFEST_UNKNOWN")), fault.NotFound, "tag not found in quay.io/acme/base"},
		{"no repository", answer(404, nil, registryError("NAME_UNKNOWN")), fault.NotFound, "repository not found at quay.io"},
		{"neither told", answer(404, nil, "<html>"), fault.NotFound, "quay.io answered 404 not found"},
		{"broken registry", answer(500, nil, "hostile\nwords"), fault.Retry, "quay.io answered 500 internal server error"},
		{"unavailable", answer(503, nil, ""), fault.Retry, "quay.io answered 503 service unavailable"},
		{"not acceptable", answer(406, nil, ""), fault.Permanent, "quay.io answered 406 not acceptable"},
		{
			"unreadable ping", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }),
			fault.Retry, "quay.io answered 502 bad gateway",
		},
		{"hangs up", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), fault.Retry, "quay.io broke off its answer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, resolver.Options{Transport: serve(t, tc.handler).stands()})
			_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
			wantError(t, err, tc.class, "resolve quay.io/acme/base:3: "+tc.text)
		})
	}
}

func wantError(t *testing.T, err error, class fault.Class, text string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", text)
	}
	if fault.ClassOf(err) != class {
		t.Errorf("class %q, want %q", fault.ClassOf(err), class)
	}
	if got := fault.Text(err); got != text {
		t.Errorf("got  %q\nwant %q", got, text)
	}
}

func TestHangingRegistry(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	r := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		if req.URL.Path != "/v2/" {
			<-release
		}
	}))
	t.Cleanup(func() { close(release) })
	c := client(t, resolver.Options{Transport: r.stands(), Timeout: 20 * time.Millisecond})
	_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
	wantError(t, err, fault.Retry, "resolve quay.io/acme/base:3: quay.io did not answer in time")
}

func TestHostThatDoesNotAnswerPingsIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
	clock := newClock()
	c := client(t, resolver.Options{Transport: r.stands(), Now: clock.time})
	for _, image := range []string{"quay.io/a", "quay.io/b", "quay.io/c"} {
		_, err := c.Digest(t.Context(), image, "1")
		wantError(t, err, fault.Retry, "resolve "+image+":1: quay.io answered 500 internal server error")
	}
	wantAsked(t, r, "GET quay.io/v2/")
	clock.advance(time.Minute)
	_, _ = c.Digest(t.Context(), "quay.io/a", "1")
	wantAsked(t, r, "GET quay.io/v2/")
}

func TestUnreachableHosts(t *testing.T) {
	t.Parallel()
	closed := serve(t, http.NotFoundHandler())
	plain := serve(t, http.NotFoundHandler())
	selfSigned := httptest.NewUnstartedServer(http.NotFoundHandler())
	selfSigned.Config.ErrorLog = log.New(io.Discard, "", 0)
	selfSigned.StartTLS()
	t.Cleanup(selfSigned.Close)
	tls := selfSigned.Listener.Addr().String()
	for _, tc := range []struct {
		name, image string
		registries  []resolver.Registry
		class       fault.Class
		text        string
	}{
		{
			"not named", closed.host + "/base", nil, fault.Permanent,
			"connect to " + closed.host + ": 127.0.0.1 is a loopback address; name this registry under `registries` to allow it",
		},
		{"nobody listens", "127.0.0.1:1/base", []resolver.Registry{{Host: "127.0.0.1:1", Insecure: true}}, fault.Retry, "127.0.0.1:1 refused the connection"},
		{
			"plain HTTP", plain.host + "/base",
			[]resolver.Registry{{Host: plain.host}},
			fault.Permanent,
			plain.host + " speaks plain HTTP; set insecure: true for it under registries",
		},
		{
			"self-signed", tls + "/base",
			[]resolver.Registry{{Host: tls}},
			fault.Permanent,
			"the certificate of " + tls + " is not trusted: x509: certificate signed by unknown authority; add its authority to the system's certificates",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, resolver.Options{Registries: tc.registries})
			_, err := c.Digest(t.Context(), tc.image, "3")
			wantError(t, err, tc.class, "resolve "+tc.image+":3: "+tc.text)
			if sent := c.Requests() > 0; sent == (tc.registries == nil) {
				t.Errorf("%d requests were sent", c.Requests())
			}
		})
	}
}

func TestMessagesAreOneLine(t *testing.T) {
	t.Parallel()
	r := serve(t, answer(200, http.Header{"Docker-Content-Digest": {"sha256:x"}}, strings.Repeat("\x00\n", 5<<20)))
	_, err := client(t, resolver.Options{Transport: r.stands()}).Digest(t.Context(), "quay.io/acme/base", "3")
	wantError(t, err, fault.Permanent, "resolve quay.io/acme/base:3: the answer is larger than 4 MiB")
}

func TestErrorsTellWhatIsGone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		code                 string
		repository, manifest bool
	}{
		{code: "NAME_UNKNOWN", repository: true},
		{code: "MANIFEST_UNKNOWN", manifest: true},
		{code: "OTHER"},
	} {
		c := client(t, resolver.Options{Transport: serve(t, answer(404, nil, registryError(tc.code))).stands()})
		_, err := c.Digest(t.Context(), "quay.io/acme/base", "3")
		if got := errors.Is(err, resolver.ErrNoRepository); got != tc.repository {
			t.Errorf("%s: the repository is gone: %v", tc.code, got)
		}
		if got := errors.Is(err, resolver.ErrNoManifest); got != tc.manifest {
			t.Errorf("%s: the manifest is gone: %v", tc.code, got)
		}
	}
}
