package resolver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
)

// tagPages serves a list of tags, the given number a page, with a Link as the specification has it.
func tagPages(tags []string, size int, link func(req *http.Request, last string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/v2/" {
			return
		}
		rest := tags
		if last := req.URL.Query().Get("last"); last != "" {
			rest = tags[slices.Index(tags, last)+1:]
		}
		if len(rest) > size {
			rest = rest[:size]
			w.Header().Set("Link", link(req, rest[size-1]))
		}
		fmt.Fprintf(w, `{"name":"acme/base","tags":["%s"]}`, strings.Join(rest, `","`))
	})
}

func relative(req *http.Request, last string) string {
	return fmt.Sprintf(`<%s?last=%s&n=2>; rel="next"`, req.URL.Path, last)
}

func TestTagsByPages(t *testing.T) {
	t.Parallel()
	tags := []string{"1", "1.0", "2", "2.0", "latest"}
	for name, link := range map[string]func(*http.Request, string) string{
		"relative":      relative,
		"another host":  func(req *http.Request, last string) string { return "<http://10.0.0.1" + relative(req, last)[1:] },
		"another path":  func(_ *http.Request, last string) string { return "</v3/x?n=2&last=" + last + `>;rel="next"` },
		"only a query":  func(_ *http.Request, last string) string { return "<?n=2&last=" + last + ">" },
		"without angle": func(_ *http.Request, last string) string { return "/v2/x?n=2&last=" + last + ">" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := serve(t, tagPages(tags, 2, link))
			list, err := client(t, named(r)).Tags(t.Context(), r.host+"/acme/base")
			if err != nil || !slices.Equal(slices.Collect(list.All()), tags) || list.Len() != len(tags) || list.Cut != "" {
				t.Errorf("%q, %v, cut %q", slices.Collect(list.All()), err, list.Cut)
			}
			if asked := r.asked(); len(asked) != 1+3 || asked[1] != "GET /v2/acme/base/tags/list?n=1000" {
				t.Errorf("asked %q", asked)
			}
		})
	}
}

// TestTagsOfARegistryThatNamesNoNextPage has full pages, and what different registries answer after the last.
func TestTagsOfARegistryThatNamesNoNextPage(t *testing.T) {
	t.Parallel()
	const page = 1000
	all := numbered(2 * page)
	slices.Sort(all)
	for _, tc := range []struct {
		name     string
		n        int
		after    func(rest []string) []string // what is answered when nothing is left
		requests int
	}{
		{"not full", page - 1, nil, 1},
		{"nothing after it", 2 * page, func([]string) []string { return nil }, 3},
		{"the beginning after it", 2 * page, func([]string) []string { return all[:page] }, 3},
		{"a half page after it", page + 500, nil, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tags := all[:tc.n]
			r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if req.URL.Path == "/v2/" {
					return
				}
				rest := tags
				if last := req.URL.Query().Get("last"); last != "" {
					if rest = tags[slices.Index(tags, last)+1:]; len(rest) == 0 {
						rest = tc.after(rest)
					}
				}
				_ = json.NewEncoder(w).Encode(map[string][]string{"tags": rest[:min(len(rest), page)]})
			}))
			list, err := client(t, named(r)).Tags(t.Context(), r.host+"/acme/base")
			if err != nil || !slices.Equal(slices.Collect(list.All()), tags) || list.Cut != "" {
				t.Errorf("%d of %d tags, %v, cut %q", list.Len(), len(tags), err, list.Cut)
			}
			if asked := r.asked(); len(asked) != 1+tc.requests {
				t.Errorf("asked %q", asked)
			}
		})
	}
}

func TestTagsOfOddLists(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, body string
		want       []string
		cut        string
	}{
		{"none", `{"name":"x","tags":[]}`, nil, ""},
		{"null", `{"name":"x","tags":null}`, nil, ""},
		{"no key", `{"name":"x"}`, nil, ""},
		{"more keys", `{"child":["a"],"manifest":{"x":{"y":[1]}},"tags":["1"],"next":"x"}`, []string{"1"}, ""},
		{"what is no tag", `{"tags":["1","a b","","../x",".x","a\nb","` + strings.Repeat("x", 129) + `","_2"]}`, []string{"1", "_2"}, ""},
	} {
		r := serve(t, answer(200, nil, tc.body))
		list, err := client(t, named(r)).Tags(t.Context(), r.host+"/acme/base")
		if got := slices.Collect(list.All()); err != nil || !slices.Equal(got, tc.want) || list.Cut != tc.cut {
			t.Errorf("%s: %q, %v, cut %q", tc.name, got, err, list.Cut)
		}
	}
	for name, body := range map[string]string{"list": `[]`, "number": `{"tags":1}`, "numbers": `{"tags":[1]}`, "half": `{"tags":["1",`, "empty": "", "html": "<html>"} {
		r := serve(t, answer(200, nil, body))
		if list, err := client(t, named(r)).Tags(t.Context(), r.host+"/acme/base"); err == nil {
			t.Errorf("%s: %d tags, no error", name, list.Len())
		}
	}
}

func TestNewTagList(t *testing.T) {
	t.Parallel()
	for _, tags := range [][]string{nil, {"1"}, {"1", "2"}} {
		list := resolver.NewTagList(tags...)
		if got := slices.Collect(list.All()); !slices.Equal(got, tags) || list.Len() != len(tags) {
			t.Errorf("%q became %q", tags, got)
		}
	}
}

func TestTagsWithoutEnd(t *testing.T) {
	t.Parallel()
	n := 0
	endless := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		n++
		w.Header().Set("Link", fmt.Sprintf("</?last=%d>", n))
		_, _ = io.WriteString(w, `{"tags":["1"]}`)
	}))
	c := client(t, named(endless))
	list, err := c.Tags(t.Context(), endless.host+"/base")
	if err != nil || list.Cut != "the list has more than 1000 pages" || c.Requests() != 1001 {
		t.Errorf("cut %q after %d requests, %v", list.Cut, c.Requests(), err)
	}

	same := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Link", "<"+req.URL.RequestURI()+">")
		_, _ = io.WriteString(w, `{"tags":["1"]}`)
	}))
	list, err = client(t, named(same)).Tags(t.Context(), same.host+"/base")
	if err != nil || list.Cut != "the registry repeats a page" || list.Len() != 1 {
		t.Errorf("cut %q, %v", list.Cut, err)
	}
}

func TestTagsErrors(t *testing.T) {
	t.Parallel()
	r := serve(t, answer(404, nil, registryError("NAME_UNKNOWN")))
	_, err := client(t, resolver.Options{Transport: r.stands()}).Tags(t.Context(), "quay.io/acme/base")
	wantError(t, err, fault.NotFound, "list tags of quay.io/acme/base: repository not found at quay.io")
}

// TestMillionTags has them on one page, as registries do that ignore the page size, and one more than fits.
func TestMillionTags(t *testing.T) {
	r := serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/v2/" {
			return
		}
		_, _ = io.WriteString(w, `{"tags":["latest"`)
		for i := range 1_000_000 {
			_, _ = io.WriteString(w, `,"1.`+strconv.Itoa(i)+`.0-alpine3.20"`)
		}
		_, _ = io.WriteString(w, `]}`)
	}))
	c := client(t, named(r))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	list, err := c.Tags(t.Context(), r.host+"/acme/base")
	if err != nil || list.Len() != 1_000_000 || list.Cut != "only the first 1000000 tags were read" {
		t.Fatalf("%d tags, cut %q, %v", list.Len(), list.Cut, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 40<<20 {
		t.Errorf("the list keeps %d MiB", kept>>20)
	}
	runtime.KeepAlive(list)
}
