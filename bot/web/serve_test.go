package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/basebump/basebump/bot/web"
)

// serve serves a handler on a port of its own; done receives what Serve returns.
func serve(t *testing.T, ctx context.Context, handler http.Handler) (address string, done chan error) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done = make(chan error, 1)
	go func() { done <- web.Serve(ctx, listener, handler, slog.New(slog.DiscardHandler)) }()
	return "http://" + listener.Addr().String(), done
}

// TestServeFinishes: a request that runs when the end is asked for gets its answer; later ones get none.
func TestServeFinishes(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun, finish := make(chan struct{}), make(chan struct{})
	address, done := serve(t, ctx, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "finished")
	}))
	answer := make(chan string, 1)
	go func() { answer <- ask(t, address) }()
	<-begun
	stop()
	close(finish)
	if got := <-answer; got != "finished" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-done; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if got := ask(t, address); !strings.HasPrefix(got, "error: ") {
		t.Errorf("after the end: %q", got)
	}
}

func TestServeLargeHeader(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	address, done := serve(t, ctx, http.NotFoundHandler())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Cookie", strings.Repeat("x", 64<<10))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %s", response.Status)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeClosedListener(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := web.Serve(t.Context(), listener, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("serving on a closed listener is no error")
	}
}

func ask(t *testing.T, address string) string {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		return "error: " + err.Error()
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "error: " + err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(text)
}
