package resolver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/resolver"
)

// shelf keeps lists in memory.
type shelf struct {
	mu    sync.Mutex
	lists map[string][]byte
	saved int
	err   error
}

func (s *shelf) TagList(_ context.Context, image string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lists[image], s.err
}

func (s *shelf) SaveTagList(_ context.Context, image string, list []byte, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved++
	if s.err == nil {
		s.lists[image] = list
	}
	return s.err
}

// tagServer is a registry that pages through tags as they stand: in order, or as they were pushed.
type tagServer struct {
	*testRegistry
	tags []string
	page int
	etag string
	deaf bool // to the tag to read on after
}

func serveTags(t *testing.T, page int, tags ...string) *tagServer {
	t.Helper()
	s := &tagServer{tags: tags, page: page}
	s.testRegistry = serve(t, http.HandlerFunc(s.answer))
	return s
}

func (s *tagServer) answer(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == "/v2/" {
		return
	}
	if s.etag != "" && req.Header.Get("If-None-Match") == s.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	rest := s.tags
	if last := req.URL.Query().Get("last"); last != "" && (!s.deaf || req.URL.Query().Get("n") == "") {
		if slices.IsSorted(s.tags) {
			i, known := slices.BinarySearch(s.tags, last)
			if rest = s.tags[i:]; known {
				rest = s.tags[i+1:]
			}
		} else {
			rest = s.tags[slices.Index(s.tags, last)+1:]
		}
	}
	if s.etag != "" {
		w.Header().Set("ETag", s.etag)
	}
	if len(rest) > s.page {
		rest = rest[:s.page]
		w.Header().Set("Link", fmt.Sprintf(`<%s?last=%s>; rel="next"`, req.URL.Path, rest[s.page-1]))
	}
	fmt.Fprintf(w, `{"tags":["%s"]}`, strings.Join(rest, `","`))
}

// lists is one cycle's reading, and how many requests for the list it took.
func (s *tagServer) lists(t *testing.T, kept *shelf, now func() time.Time, prefixes ...string) (tags []string, requests int) {
	t.Helper()
	o := named(s.testRegistry)
	o.Shelf, o.Now = kept, now
	list, err := client(t, o).Tags(t.Context(), s.host+"/acme/base", prefixes...)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(list.All()), len(s.asked()) - 1 // the ping
}

// numbered returns a thousand tags in the order that they were pushed.
func numbered(n int) []string {
	tags := make([]string, n)
	for i := range tags {
		tags[i] = "1." + strconv.Itoa(i)
	}
	return tags
}

func TestListThatGrewAtItsEnd(t *testing.T) {
	t.Parallel()
	s, kept, clock := serveTags(t, 100, numbered(1000)...), &shelf{lists: map[string][]byte{}}, newClock()
	for _, step := range []struct {
		name     string
		given    func()
		requests int
		saved    int
	}{
		{"the first time", func() {}, 10, 1},
		{"nothing new", func() {}, 10, 1},
		{"three more: so that is where they come", func() { s.tags = numbered(1003) }, 11, 2},
		{"nothing new again", func() {}, 1, 2},
		{"one more", func() { s.tags = numbered(1004) }, 1, 3},
		{"some pages more", func() { s.tags = numbered(1204) }, 3, 4},
		{"one removed that nobody looks at", func() { s.tags = slices.Delete(s.tags, 5, 6) }, 1, 4},
		{"after a while", func() { clock.advance(6 * time.Hour) }, 13, 5},
		{"the last one removed", func() { s.tags = s.tags[:len(s.tags)-1] }, 1 + 13, 6},
		{"not tried again for a while", func() {}, 13, 6},
		{"watched anew", func() { clock.advance(6 * time.Hour) }, 13, 7},
		{"one more at last", func() { s.tags = append(s.tags, "2.0") }, 13, 8},
		{"and on", func() {}, 1, 8},
	} {
		step.given()
		removed := step.name == "one removed that nobody looks at"
		tags, requests := s.lists(t, kept, clock.time)
		if requests != step.requests || kept.saved != step.saved || slices.Equal(tags, s.tags) == removed {
			t.Errorf("%s: %d requests, want %d; saved %d times, want %d; %d tags of %d",
				step.name, requests, step.requests, kept.saved, step.saved, len(tags), len(s.tags))
		}
	}
}

// TestListThatGrowsElsewhere has a registry that puts what is new at the beginning, or sorts in a way of its own: it is read whole.
func TestListThatGrowsElsewhere(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]int{"at the beginning": 0, "in the middle": 500} {
		s, kept, clock := serveTags(t, 100, numbered(990)...), &shelf{lists: map[string][]byte{}}, newClock()
		for i := range 4 {
			if got, requests := s.lists(t, kept, clock.time); requests != 10 || !slices.Equal(got, s.tags) {
				t.Errorf("%s, %d: %d requests, %d tags of %d", name, i, requests, len(got), len(s.tags))
			}
			s.tags = slices.Insert(s.tags, at, fmt.Sprintf("2.%d", i))
		}
	}
}

// TestSortedList has a list into which new tags come anywhere: the part that matters is read again.
func TestSortedList(t *testing.T) {
	t.Parallel()
	tags := []string{"latest", "stable", "v1.0"}
	for i := range 2000 {
		tags = append(tags, fmt.Sprintf("%d.%d.0", i%20, i/20))
	}
	slices.Sort(tags)
	add := func(to []string, tag string) []string {
		return slices.Sorted(slices.Values(append(slices.Clone(to), tag)))
	}
	s, kept, clock := serveTags(t, 100, tags...), &shelf{lists: map[string][]byte{}}, newClock()
	for _, step := range []struct {
		name     string
		prefixes []string
		given    func()
		requests int
		same     bool
	}{
		{"the first time", []string{"7."}, func() {}, 21, true},
		{"nothing new", []string{"7."}, func() {}, 2, true},
		{"one more in the middle", []string{"7."}, func() { s.tags = add(s.tags, "7.99.1") }, 2, true},
		{"one elsewhere", []string{"7."}, func() { s.tags = add(s.tags, "9.99.1") }, 2, false},
		{"where it matters", []string{"9.99.", "7."}, func() {}, 2 + 1, true},
		{"one less", []string{"19.1."}, func() { s.tags = slices.DeleteFunc(s.tags, func(tag string) bool { return tag == "19.1.0" }) }, 1, true},
		{"the beginning", []string{"0."}, func() { s.tags = add(s.tags, "0.0.1") }, 2, true},
		{"the end", []string{"v"}, func() { s.tags = add(s.tags, "v2") }, 1, true},
		{"everything matters", nil, func() {}, 21, true},
		{"too much matters", []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "0"}, func() {}, 21, true},
		{"after a while", []string{"7."}, func() { clock.advance(6 * time.Hour) }, 21, true},
		{"the registry begins anew", []string{"7."}, func() { s.deaf = true }, 1 + 21, true},
		{"not tried again", []string{"7."}, func() {}, 21, true},
	} {
		step.given()
		got, requests := s.lists(t, kept, clock.time, step.prefixes...)
		if requests != step.requests || slices.Equal(got, s.tags) != step.same {
			t.Errorf("%s: %d requests, want %d; %d tags of %d", step.name, requests, step.requests, len(got), len(s.tags))
		}
	}
}

func TestListOfOnePage(t *testing.T) {
	t.Parallel()
	s, kept, clock := serveTags(t, 100, "1", "2", "3"), &shelf{lists: map[string][]byte{}}, newClock()
	for range 2 {
		if tags, requests := s.lists(t, kept, clock.time, "1"); requests != 1 || kept.saved != 0 || len(tags) != 3 {
			t.Errorf("%q after %d requests, saved %d times", tags, requests, kept.saved)
		}
	}
	s.etag = `"a"`
	for range 2 {
		if tags, requests := s.lists(t, kept, clock.time); requests != 1 || kept.saved != 1 || len(tags) != 3 {
			t.Errorf("with its tag: %q after %d requests, saved %d times", tags, requests, kept.saved)
		}
	}
	s.etag, s.tags = `"b"`, []string{"2", "3"}
	if tags, requests := s.lists(t, kept, clock.time); requests != 1 || kept.saved != 2 || len(tags) != 2 {
		t.Errorf("changed: %q after %d requests, saved %d times", tags, requests, kept.saved)
	}
}

func TestShelfThatFails(t *testing.T) {
	t.Parallel()
	for name, kept := range map[string]*shelf{
		"an error": {err: errors.New("disk full")},
		"garbage":  {lists: map[string][]byte{"localhost/acme/base": []byte("garbage")}},
	} {
		s := serveTags(t, 2, "3", "1", "2")
		if name == "garbage" {
			kept.lists = map[string][]byte{s.host + "/acme/base": []byte("garbage")}
		}
		if tags, requests := s.lists(t, kept, newClock().time); requests != 2 || len(tags) != 3 {
			t.Errorf("%s: %q after %d requests", name, tags, requests)
		}
	}
}

// TestMemoAsksForWhatMattersNow has a second question whose tags were of no matter for the first.
func TestMemoAsksForWhatMattersNow(t *testing.T) {
	t.Parallel()
	var tags []string
	for i := range 1000 {
		tags = append(tags, fmt.Sprintf("%d.%d", i%20, i/20))
	}
	slices.Sort(tags)
	s, kept := serveTags(t, 100, tags...), &shelf{lists: map[string][]byte{}}
	s.lists(t, kept, newClock().time)
	o := named(s.testRegistry)
	o.Shelf = kept
	memo := resolver.NewMemo(client(t, o))
	for _, step := range []struct {
		prefixes []string
		requests int
	}{{[]string{"7."}, 2}, {[]string{"7."}, 0}, {[]string{"7.1"}, 0}, {[]string{"8."}, 1}, {[]string{"8."}, 0}, {nil, 10}, {nil, 0}} {
		if _, err := memo.Tags(t.Context(), s.host+"/acme/base", step.prefixes...); err != nil {
			t.Fatal(err)
		}
		if asked := s.asked(); len(asked) != step.requests {
			t.Errorf("%q: asked %q", step.prefixes, asked)
		}
	}
}
