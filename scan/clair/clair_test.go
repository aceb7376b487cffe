package clair_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/clair"
)

func TestScanAsksClairForOnePlatform(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	allow := func(r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		return user == "bot" && password == "hunter2"
	}
	target, hash, layers := image(t, allow)
	target.Access.Username, target.Access.Password = "bot", "hunter2"
	report, err := f.scanner(t).Scan(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET /indexer/api/v1/index_state",
		"GET /matcher/api/v1/internal/update_operation?kind=vulnerability&latest=true",
		"POST /indexer/api/v1/index_report",
		"GET /matcher/api/v1/vulnerability_report/" + hash.String(),
	}
	if d := cmp.Diff(want, f.requests); d != "" {
		t.Errorf("requests (-want +got):\n%s", d)
	}
	type layer struct {
		Hash, URI string
		Headers   map[string][]string
	}
	var asked struct {
		Hash   string
		Layers []layer
	}
	if err := json.Unmarshal([]byte(f.bodies[2]), &asked); err != nil {
		t.Fatal(err)
	}
	var wanted []layer
	for _, l := range layers {
		wanted = append(wanted, layer{
			l.String(), "http://" + target.Access.Repository[:strings.Index(target.Access.Repository, "/")] + "/v2/mirror/library/debian/blobs/" + l.String(),
			map[string][]string{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("bot:hunter2"))}},
		})
	}
	if d := cmp.Diff(wanted, asked.Layers); d != "" || asked.Hash != hash.String() {
		t.Errorf("index request for %s (-want +got):\n%s", asked.Hash, d)
	}
	if report.Image != target.Image || report.Digest != target.Digest || report.Platform != target.Platform || len(report.Vulnerabilities) != 88 {
		t.Errorf("got a report about %s@%s %s with %d matches", report.Image, report.Digest, report.Platform, len(report.Vulnerabilities))
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	tool, built, err := newFake(t, "old").scanner(t).Identity(t.Context())
	want := scan.Tool{Name: "clair", Version: "4+cb31df82"}
	if err != nil || tool != want || !built.Equal(imported) {
		t.Errorf("got %v, %v, %v", tool, built, err)
	}
}

func TestPreSharedKey(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	key := []byte("0123456789abcdef0123456789abcdef")
	s := f.scanner(t, func(o *clair.Options) { o.Key, o.Issuer = base64.StdEncoding.EncodeToString(key), "acme" })
	if _, _, err := s.Identity(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, token := range f.tokens {
		parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.HS256})
		if err != nil {
			t.Fatal(err)
		}
		var claims jwt.Claims
		if err := parsed.Claims(key, &claims); err != nil {
			t.Fatal(err)
		}
		if err := claims.Validate(jwt.Expected{Issuer: "acme", Time: now}); err != nil {
			t.Error(err)
		}
		if err := claims.Validate(jwt.Expected{Time: now.Add(time.Hour)}); err == nil {
			t.Error("the token holds for an hour")
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]clair.Options{
		`read Clair's address "clair": it is no URL`:    {URL: "clair"},
		"read Clair's pre-shared key: it is not base64": {URL: "http://clair:6060", Key: "hunter2!"},
	} {
		if _, err := clair.New(o); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestScanFails(t *testing.T) {
	t.Parallel()
	status := func(code int, body string, headers ...string) func(http.ResponseWriter) bool {
		return func(w http.ResponseWriter) bool {
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			write(w, []byte(body))
			return true
		}
	}
	for _, tc := range []struct {
		name   string
		fake   func(*fake)
		target func(*scan.Target)
		class  fault.Class
		want   string // after "scan docker.io/library/debian@sha256:…: "
	}{
		{
			"no data yet", func(f *fake) { f.updates = []byte("{}") }, nil,
			fault.Retry, "there is no vulnerability data in Clair yet; wait for its updaters, or import data with `clairctl import-updaters`",
		},
		{
			"accepted, not ready", func(f *fake) { f.before = status(202, "") }, nil,
			fault.Retry, "ask Clair for its state: there is no vulnerability data in Clair yet; wait for its updaters, or import data with `clairctl import-updaters`",
		},
		{
			"the key is missing", func(f *fake) { f.before = status(401, "") }, nil,
			fault.Auth, "ask Clair for its state: it answered 401: Unauthorized; give Clair's pre-shared key and its issuer under `scanners`",
		},
		{
			"busy", func(f *fake) {
				f.before = status(429, `{"code":"too-many","message":"slow down"}`, "Retry-After", "60")
			}, nil,
			fault.Retry, "ask Clair for its state: it answered 429: slow down",
		},
		{
			"bogus", func(f *fake) { f.before = status(400, `{"code":"bad-request","message":"bogus manifest"}`) }, nil,
			fault.Permanent, "ask Clair for its state: it answered 400: bogus manifest",
		},
		{"not JSON", func(f *fake) { f.before = status(200, "<html>") }, nil, fault.Retry, "ask Clair for its state: decode Clair's answer: invalid character '<' looking for beginning of value"},
		{
			"too large", func(f *fake) { f.before = status(200, strings.Repeat(" ", 64<<20+1)) }, nil,
			fault.Permanent, "ask Clair for its state: Clair's answer is larger than 64 MiB",
		},
		{
			"indexing failed", func(f *fake) { f.index = `{"state":"IndexError","success":false,"err":"no such layer"}` }, nil,
			fault.Retry, `have Clair index the image: it ended as "IndexError": no such layer`,
		},
		{
			"half an index", func(f *fake) { f.index = `{"state":"ScanLayers","success":false}` }, nil,
			fault.Retry, `have Clair index the image: it ended as "ScanLayers": `,
		},
		{
			"a report about another image", func(f *fake) { f.report = []byte(`{"manifest_hash":""}`) }, nil,
			fault.Permanent, `read Clair's report: it is about ""`,
		},
		{
			"stale data", func(f *fake) {
				f.updates = []byte(`{"x":[{"date":"2026-11-01T12:00:00Z"}],"y":[{"date":"2026-10-01T12:00:00Z"}]}`)
			}, nil,
			fault.Retry, "the vulnerability database is " + strconv.Itoa(int(now.Sub(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)).Hours()/24)) +
				" days old, built 2026-11-01 12:00 UTC; max_db_age is 24h0m0s; see why Clair's updaters have stopped, or raise `max_db_age`",
		},
		{
			"a platform that is not there", nil, func(target *scan.Target) { target.Platform = "linux/s390x" },
			fault.NotFound, `read the image's manifest: the index has no platform "linux/s390x"`,
		},
		{
			"a registry inside the network", nil, func(target *scan.Target) { target.Access.Private = false },
			fault.Permanent, "", // in the words of the egress rule
		},
		{
			"plain HTTP", nil, func(target *scan.Target) { target.Access.Insecure = false },
			fault.Permanent, "", // which names the registry's port
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, "old")
			if tc.fake != nil {
				tc.fake(f)
			}
			target, _, _ := image(t, nil)
			if tc.target != nil {
				tc.target(&target)
			}
			_, err := f.scanner(t).Scan(t.Context(), target)
			want := "scan docker.io/library/debian@" + target.Digest + ": " + tc.want
			if fault.ClassOf(err) != tc.class || tc.want != "" && fault.Text(err) != want || !strings.HasPrefix(fault.Text(err), want) {
				t.Errorf("got  %s\nof class %q, want\n     %s\nof class %q", fault.Text(err), fault.ClassOf(err), want, tc.class)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	f.before = func(w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	_, _, err := f.scanner(t).Identity(t.Context())
	if at, ok := fault.RetryAt(err); !ok || !at.Equal(now.Add(time.Minute)) {
		t.Errorf("got %v, %v", at, ok)
	}
}

func TestWrongRegistryCredentials(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	target, _, _ := image(t, func(*http.Request) bool { return false })
	target.Access.Username, target.Access.Password = "bot", "hunter2"
	_, err := f.scanner(t).Scan(t.Context(), target)
	if fault.ClassOf(err) != fault.Auth || fault.Hint(err) != "add credentials under `registries`" || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
	if len(f.requests) != 2 {
		t.Errorf("Clair was asked %q", f.requests)
	}
}

func TestScanEndsInTime(t *testing.T) {
	t.Parallel()
	f := newFake(t, "old")
	target, _, _ := image(t, nil)
	_, err := f.scanner(t, func(o *clair.Options) { o.Timeout = time.Nanosecond }).Scan(t.Context(), target)
	if fault.ClassOf(err) != fault.Retry || !strings.HasSuffix(fault.Text(err), ": not done after 1ns; raise `limits.scan_timeout` if it needs more") {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.scanner(t).Scan(ctx, target); fault.ClassOf(err) != fault.Unknown || !strings.HasSuffix(err.Error(), "context canceled") {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
}
