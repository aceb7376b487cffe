package githubtest

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
)

// FaultHeader marks an answer that a Fault made or spoiled, so that a contract checker leaves it alone.
const FaultHeader = "X-Githubtest-Fault"

// Fault is a failure to order. Method, Pattern and Path choose the requests; empty ones match all.
type Fault struct {
	Method  string
	Pattern string // an operation, such as /repos/{owner}/{repo}/pulls
	Path    string // one exact path
	Skip    int    // let so many matching requests pass first
	Times   int    // then fail so many; 0 is all that follow

	Late    bool // carry the request out, then lose the answer; else it has no effect
	Status  int  // answer with this status, 500 when zero, and with Header and Body
	Header  http.Header
	Body    string
	Hang    bool // no answer until the client gives up or the server closes
	Drop    bool // cut the connection
	Corrupt bool // cut the true answer's body in half; implies Late
}

// Inject makes matching requests fail until the returned function is called. Of several faults the oldest that matches is due.
func (s *Server) Inject(fault Fault) (remove func()) {
	fault.Late = fault.Late || fault.Corrupt
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &fault)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, known := range s.faults {
			if known == &fault {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
				return
			}
		}
	}
}

// due returns the fault for a request, and counts it off.
func (s *Server) due(request *Request, path string) *Fault {
	for _, f := range s.faults {
		if f.Method != "" && f.Method != request.Method || f.Pattern != "" && f.Pattern != request.Pattern || f.Path != "" && f.Path != path {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		switch f.Times {
		case 0:
			return f
		case -1: // spent
			continue
		case 1:
			f.Times = -1
		default:
			f.Times--
		}
		return f
	}
	return nil
}

// fail answers as the fault says; result is the true answer of a late one.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *Fault, log *Request, result answer) {
	w.Header().Set(FaultHeader, "1")
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.stopped:
		}
		panic(http.ErrAbortHandler)
	case f.Corrupt:
		result.body = result.body[:len(result.body)/2]
	default:
		result = answer{status: cmp.Or(f.Status, http.StatusInternalServerError), header: maps.Clone(f.Header), body: []byte(f.Body)}
	}
	s.leave(log, result.status)
	write(w, result)
}

// refused turns a refusal into the fault that answers with it.
func refused(r *refusal) Fault {
	body, err := json.Marshal(r.body())
	if err != nil {
		body = []byte(r.message)
	}
	header := r.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	return Fault{Status: r.status, Header: header, Body: string(body)}
}
