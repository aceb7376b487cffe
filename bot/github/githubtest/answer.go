package githubtest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// maxBody bounds what a request may carry: GitHub takes blobs up to 40 MB, in base64.
const maxBody = 64 << 20

// answer is what goes back over the wire.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// raw is a handler's result that is not JSON, or has a status of its own.
type raw struct {
	status    int
	mediaType string
	body      []byte
}

// with is a JSON result under another success status than the route's.
type with struct {
	status int
	value  any
}

func statusText(status int) string { return strconv.Itoa(status) }

// ServeHTTP answers one request: faults first, then credentials and limits, then the operation.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.web.Handler(r); pattern != "" {
		s.web.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return
	}
	request, vars := s.match(r)
	fault, log := s.arrive(r, request)
	if fault != nil && !fault.Late {
		s.fail(w, r, fault, log, answer{})
		return
	}
	result := s.answer(r, request, vars, body)
	if fault != nil {
		s.fail(w, r, fault, log, result)
		return
	}
	s.leave(log, result.status)
	write(w, result)
}

func write(w http.ResponseWriter, a answer) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// answer carries out the operation under the lock and renders its result.
func (s *Server) answer(r *http.Request, found *route, vars map[string]string, body []byte) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{view: s.view(), request: r, route: found, vars: vars, body: body, at: s.now(), header: http.Header{}}
	if s.url == "" {
		c.base = "http://" + r.Host
	}
	value, err := s.operate(c)
	a := render(c, value, err)
	s.decorate(c, &a)
	return a
}

func (s *Server) operate(c *call) (any, error) {
	if c.request.UserAgent() == "" {
		return nil, refuse(http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.")
	}
	if len(c.body) > maxBody {
		return nil, refuse(http.StatusRequestEntityTooLarge, "Request body is too large.")
	}
	if err := s.authenticate(c); err != nil {
		return nil, err
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	if c.route == nil {
		return nil, errNotFound
	}
	if err := s.authorize(c); err != nil {
		return nil, err
	}
	return c.route.handle(s, c)
}

func render(c *call, value any, err error) answer {
	if err != nil {
		refused, ok := errors.AsType[*refusal](err)
		if !ok {
			refused = refuse(http.StatusInternalServerError, err.Error())
		}
		return encode(refused.status, refused.body(), refused.header)
	}
	switch result := value.(type) {
	case nil:
		return answer{status: http.StatusNoContent, header: http.Header{}}
	case raw:
		return answer{status: result.status, header: http.Header{"Content-Type": {result.mediaType}}, body: result.body}
	case with:
		return encode(result.status, result.value, c.header)
	}
	return encode(c.route.status, value, c.header)
}

func encode(status int, value any, header http.Header) answer {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return answer{status: http.StatusInternalServerError, header: http.Header{}, body: []byte(err.Error())}
	}
	a := answer{status: status, header: header.Clone(), body: out.Bytes()}
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set("Content-Type", "application/json; charset=utf-8")
	return a
}

// decorate adds the headers that every answer has, and turns an unchanged one into a 304, which costs nothing.
func (s *Server) decorate(c *call, a *answer) {
	a.header.Set("X-GitHub-Request-Id", fmt.Sprintf("F00D:%06X", len(s.requests)))
	a.header.Set("X-GitHub-Media-Type", "github.v3; format=json")
	a.header.Set("X-GitHub-Api-Version-Selected", "2022-11-28")
	if c.request.Method == http.MethodGet && a.status == http.StatusOK {
		sum := sha256.Sum256(append([]byte(c.token.value+"\n"), a.body...))
		etag := `"` + hex.EncodeToString(sum[:]) + `"`
		a.header.Set("ETag", "W/"+etag)
		a.header.Set("Cache-Control", "private, max-age=60, s-maxage=60")
		a.header.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding")
		if sameTag(c.request.Header.Get("If-None-Match"), etag) {
			a.status, a.body = http.StatusNotModified, nil
			a.header.Del("Content-Type")
			s.refund(c)
		}
	}
	s.rateHeaders(c, a.header)
}
