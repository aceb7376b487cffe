package contract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/basebump/basebump/bot/github/githubtest"
)

// Middleware fails the test for every request and every answer that GitHub's description does not allow.
func Middleware(t testing.TB, next http.Handler) http.Handler {
	return checker{t: t, next: next, router: must(t, operations)}
}

// Lenient is Middleware for tests of the fake's refusals: a request may break the description, but must then be refused.
func Lenient(t testing.TB, next http.Handler) http.Handler {
	return checker{t: t, next: next, router: must(t, operations), lenient: true}
}

type checker struct {
	t       testing.TB
	next    http.Handler
	router  routers.Router
	lenient bool
}

// web are the pages for people, and GraphQL, of which the description says nothing.
var web = regexp.MustCompile(`^/graphql$|^/[^/]+/[^/]+/pull/\d+$|^/settings/|^/organizations/[^/]+/settings/`)

func (c checker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if web.MatchString(r.URL.Path) && !strings.HasPrefix(r.URL.Path, "/repos/") {
		c.next.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Errorf("contract: %s %s: read the request: %v", r.Method, r.URL, err)
		return
	}
	input, broken := c.request(r, body)
	if broken != nil && !c.lenient {
		c.t.Errorf("contract: %s %s breaks GitHub's description: %v\n%s", r.Method, r.URL, broken, excerpt(body))
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	c.next.ServeHTTP(answer, r)
	if answer.Header().Get(githubtest.FaultHeader) == "" {
		c.answer(r, input, broken, answer)
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// request finds the operation and says what is wrong with the request; the input is nil for an unknown operation.
func (c checker) request(r *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	clone := r.Clone(context.WithoutCancel(r.Context()))
	clone.Body = io.NopCloser(bytes.NewReader(body))
	route, parameters, err := c.router.FindRoute(clone)
	if err != nil {
		return nil, err
	}
	input := &openapi3filter.RequestValidationInput{Request: clone, PathParams: parameters, Route: route, Options: options()}
	if err := openapi3filter.ValidateRequest(clone.Context(), input); err != nil {
		return input, err
	}
	return input, unconcluded(route, body)
}

func options() *openapi3filter.Options {
	o := &openapi3filter.Options{
		IncludeResponseStatus: true,
		SkipSettingDefaults:   true,
		MultiError:            true,
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
	}
	o.WithCustomSchemaErrorFunc(inShort)
	return o
}

// inShort says what is wrong where, without the schema.
func inShort(err *openapi3.SchemaError) string {
	return err.Reason + " at /" + strings.Join(err.JSONPointer(), "/")
}

func (c checker) answer(r *http.Request, input *openapi3filter.RequestValidationInput, broken error, answer *httptest.ResponseRecorder) {
	if broken != nil && (answer.Code < 400 || answer.Code >= 500) {
		c.t.Errorf("contract: %s %s was answered %d though it breaks GitHub's description: %v", r.Method, r.URL, answer.Code, broken)
	}
	if input == nil {
		return
	}
	check := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: answer.Code, Header: answer.Header(), Options: options(),
	}
	check.Options.ExcludeResponseBody = !strings.HasPrefix(answer.Header().Get("Content-Type"), "application/json")
	check.SetBodyBytes(answer.Body.Bytes())
	err := openapi3filter.ValidateResponse(input.Request.Context(), check)
	if err == nil {
		err = unconcluded(input.Route, answer.Body.Bytes())
	}
	if err != nil {
		c.t.Errorf("contract: the answer %d to %s %s breaks GitHub's description: %v\n%s",
			answer.Code, r.Method, r.URL, err, excerpt(answer.Body.Bytes()))
	}
}

var errUnconcluded = errors.New("a completed check run must carry a conclusion")

// unconcluded is the one rule about check runs that the description leaves out.
func unconcluded(route *routers.Route, body []byte) error {
	if !strings.Contains(route.Path, "/check-runs") {
		return nil
	}
	for _, run := range checkRuns(body) {
		if run.Status == "completed" && run.Conclusion == nil {
			return errUnconcluded
		}
	}
	return nil
}

func excerpt(body []byte) string {
	const limit = 2000
	if len(body) > limit {
		return string(body[:limit]) + " …"
	}
	return string(body)
}
