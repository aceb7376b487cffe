package resolver_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/basebump/basebump/resolver"
)

// lookups counts what reaches it, and answers when it is let.
type lookups struct {
	started, proceed chan struct{}
	err              error

	mu    sync.Mutex
	calls map[string]int
}

func newLookups() *lookups {
	l := &lookups{started: make(chan struct{}, 100), proceed: make(chan struct{}), calls: map[string]int{}}
	close(l.proceed)
	return l
}

func (l *lookups) call(ctx context.Context, key string) error {
	l.mu.Lock()
	l.calls[key]++
	l.mu.Unlock()
	l.started <- struct{}{}
	select {
	case <-l.proceed:
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lookups) Digest(ctx context.Context, image, tag string) (string, error) {
	return image + tag, l.call(ctx, "digest "+image+":"+tag)
}

func (l *lookups) Outline(ctx context.Context, image, digest string) (resolver.Image, error) {
	return l.Describe(ctx, image, digest)
}

func (l *lookups) Describe(ctx context.Context, image, digest string) (resolver.Image, error) {
	return resolver.Image{Digest: digest}, l.call(ctx, "describe "+image+"@"+digest)
}

func (l *lookups) Tags(ctx context.Context, image string, _ ...string) (resolver.TagList, error) {
	return resolver.TagList{}, l.call(ctx, "tags "+image)
}

func TestMemoAsksOnce(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{nil, errors.New("no")} {
		inner := newLookups()
		inner.err = failure
		memo := resolver.NewMemo(inner)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for _, key := range []string{"1", "2"} {
					digest, err := memo.Digest(t.Context(), "image", key)
					if digest != "image"+key || !errors.Is(err, failure) {
						t.Errorf("got %q, %v", digest, err)
					}
					if _, err := memo.Describe(t.Context(), "image", key); !errors.Is(err, failure) {
						t.Error(err)
					}
					if _, err := memo.Tags(t.Context(), "image"+key); !errors.Is(err, failure) {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if len(inner.calls) != 6 {
			t.Errorf("asked %v", inner.calls)
		}
		for call, n := range inner.calls {
			if n != 1 {
				t.Errorf("%s was asked %d times", call, n)
			}
		}
	}
}

// TestMemoForgetsWhoLeft has the first caller leave while others wait: one of them asks again, and all get its answer.
func TestMemoForgetsWhoLeft(t *testing.T) {
	t.Parallel()
	inner := newLookups()
	inner.proceed = make(chan struct{})
	memo := resolver.NewMemo(inner)
	ctx, leave := context.WithCancel(t.Context())
	var first, others sync.WaitGroup
	first.Go(func() {
		if _, err := memo.Digest(ctx, "image", "1"); !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
	})
	<-inner.started
	for range 4 {
		others.Go(func() {
			if digest, err := memo.Digest(t.Context(), "image", "1"); err != nil || digest != "image1" {
				t.Errorf("who stayed got %q, %v", digest, err)
			}
		})
	}
	leave()
	first.Wait()
	<-inner.started
	close(inner.proceed)
	others.Wait()
	if n := inner.calls["digest image:1"]; n != 2 {
		t.Errorf("asked %d times, want 2", n)
	}
}

func TestMemoWaiterMayLeave(t *testing.T) {
	t.Parallel()
	inner := newLookups()
	inner.proceed = make(chan struct{})
	memo := resolver.NewMemo(inner)
	var first sync.WaitGroup
	first.Go(func() {
		if _, err := memo.Digest(t.Context(), "image", "1"); err != nil {
			t.Error(err)
		}
	})
	<-inner.started
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := memo.Digest(ctx, "image", "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(inner.proceed)
	first.Wait()
}
