package githubtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request while it is being answered.
type call struct {
	view
	request *http.Request
	route   *route
	vars    map[string]string
	body    []byte
	at      time.Time
	token   *token      // never nil; anonymous when the request has no credentials
	repo    *repository // of routes below /repos/{owner}/{repo}
	header  http.Header // of the answer
}

// decode reads the request's JSON into a T. An empty body and null are the zero T; unknown fields are ignored, as GitHub does.
func decode[T any](c *call) (T, error) {
	var value T
	if len(bytes.TrimSpace(c.body)) == 0 {
		return value, nil
	}
	err := json.Unmarshal(c.body, &value)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return value, &refusal{status: http.StatusUnprocessableEntity, message: "Invalid request.\n\n" + err.Error()}
	}
	if err != nil {
		return value, &refusal{status: http.StatusBadRequest, message: "Problems parsing JSON"}
	}
	return value, nil
}

// number reads a numeric path parameter; what is no number names nothing.
func (c *call) number(name string) (int64, error) {
	n, err := strconv.ParseInt(c.vars[name], 10, 64)
	if err != nil {
		return 0, errNotFound
	}
	return n, nil
}

func (c *call) query(name string) string { return c.request.URL.Query().Get(name) }

// accepts reports whether the client asked for one of GitHub's other media types, such as "raw", "diff" or "sha".
func (c *call) accepts(kind string) bool {
	accept := c.request.Header.Get("Accept")
	return strings.Contains(accept, "application/vnd.github."+kind) || strings.Contains(accept, "application/vnd.github.v3."+kind)
}

// actor is the account that the request acts as; nil when anonymous.
func (c *call) actor() *account { return c.token.account }
