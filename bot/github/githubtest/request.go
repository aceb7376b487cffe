package githubtest

import (
	"net/http"
	"time"
)

// Request is one request as it arrived, and how it was answered.
type Request struct {
	At      time.Time
	Method  string
	Path    string // as sent, with its query
	Pattern string // the operation's path, such as /repos/{owner}/{repo}/pulls; empty for an unknown one
	Status  int    // 0 while it hangs and when the connection was dropped
}

// arrive logs the request and picks the fault that is due for it.
func (s *Server) arrive(r *http.Request, found *route) (*Fault, *Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request := &Request{At: s.now(), Method: r.Method, Path: r.URL.RequestURI()}
	if found != nil {
		request.Pattern = found.pattern
	}
	s.requests = append(s.requests, request)
	return s.due(request, r.URL.Path), request
}

func (s *Server) leave(request *Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request.Status = status
}

// Requests returns every request so far, in the order of arrival.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Request, len(s.requests))
	for i, request := range s.requests {
		out[i] = *request
	}
	return out
}

// Count returns how many requests there were of a method to an operation's pattern; an empty one stands for any.
func (s *Server) Count(method, pattern string) int {
	n := 0
	for _, request := range s.Requests() {
		if (method == "" || method == request.Method) && (pattern == "" || pattern == request.Pattern) {
			n++
		}
	}
	return n
}

// ForgetRequests starts the count anew.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}
