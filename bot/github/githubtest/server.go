package githubtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options are the fixed parts of a Server. The zero value is a GitHub without an App.
type Options struct {
	Now    func() time.Time // the clock of every stamp, expiry and limit; time.Now when nil
	App    App
	Limits Limits
	URL    string // where clients reach the server, without a final slash; when empty, Start's address or a request's own host

	// Deliver sends webhooks as they happen. Without it they wait for Server.Deliver.
	Deliver bool
}

// Server is one GitHub. It is safe for concurrent use; requests are answered one after the other.
type Server struct {
	now     func() time.Time
	limits  Limits
	routes  []route
	web     *http.ServeMux // pages for people
	http    *http.Server
	stopped chan struct{} // closed by Close; lets hanging requests go
	stop    sync.Once
	wake    chan struct{} // tells of a waiting webhook
	idle    chan struct{} // closed when webhooks are no longer sent by themselves
	courier *http.Client  // takes webhooks away

	delivering sync.Mutex // one Deliver at a time; taken before mu

	mu            sync.Mutex // guards everything below
	url           string
	serial        int64 // the last id given out
	app           *app
	ci            *app                // GitHub Actions, once it is needed
	accounts      map[string]*account // by lower-case login
	installations []*installation
	repositories  []*repository
	moved         map[string]int64 // lower-case former full name → repository id
	tokens        map[string]*token
	buckets       map[string]*bucket
	requests      []*Request
	faults        []*Fault
	codes         map[string]grantedCode // of App manifests
	hook          Webhook
	pending       []*delivery
	deliveries    []*delivery
}

// New returns a server that no one can reach yet: call Start, or serve it as an http.Handler.
func New(options Options) *Server {
	s := &Server{
		now:      options.Now,
		limits:   options.Limits.withDefaults(),
		url:      options.URL,
		stopped:  make(chan struct{}),
		wake:     make(chan struct{}, 1),
		idle:     make(chan struct{}),
		courier:  &http.Client{Transport: &http.Transport{}, CheckRedirect: noRedirect},
		accounts: map[string]*account{},
		moved:    map[string]int64{},
		tokens:   map[string]*token{},
		buckets:  map[string]*bucket{},
		codes:    map[string]grantedCode{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.routes, s.web = compile(append(allRoutes(), graphRoutes()...)), s.pages()
	if options.App.ID != 0 {
		s.app = s.register(options.App)
	}
	if options.Deliver {
		go s.deliverAlways()
	} else {
		close(s.idle)
	}
	return s
}

// Start serves on a free port of 127.0.0.1 until Close and returns the base URL of the API, without a final slash.
func (s *Server) Start(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start the in-process GitHub: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.url == "" {
		s.url = "http://" + listener.Addr().String()
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func(server *http.Server) { _ = server.Serve(listener) }(s.http)
	return s.url, nil
}

// Close ends what New and Start began and lets hanging requests go. It may be called more than once.
func (s *Server) Close() error {
	s.stop.Do(func() { close(s.stopped) })
	<-s.idle
	s.courier.CloseIdleConnections()
	s.mu.Lock()
	server := s.http
	s.mu.Unlock()
	if server == nil {
		return nil
	}
	if err := server.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("stop the in-process GitHub: %w", err)
	}
	return nil
}

// nextID gives out the ids of everything that GitHub numbers across repositories.
func (s *Server) nextID() int64 {
	s.serial++
	return 1000 + s.serial
}

// view renders resources as the JSON that clients under one base URL see.
type view struct {
	*Server
	base string
}

func (s *Server) view() view {
	if s.url == "" {
		return view{s, "https://api.github.test"}
	}
	return view{s, s.url}
}
