package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

const (
	tagPageSize = 1000 // more is an error at ECR
	maxTagPages = 1000
	maxTags     = 1_000_000
	maxTagBytes = 64 * mib
)

// Tags lists the tags of an image, page by page. A list beyond the bounds is cut, which is no error. The prefixes are what the tags that
// matter begin with; none: all matter. Of a list that was kept, and that its registry sorts or extends at the end, only the pages are
// read that can hold something new that matters.
func (c *Client) Tags(ctx context.Context, image string, prefixes ...string) (TagList, error) {
	var list TagList
	q := question{op: "list tags of", image: image}
	err := c.ask(ctx, q, func(s *session) (err error) {
		list, err = c.tags(ctx, s, prefixes)
		return err
	})
	return list, err
}

func (c *Client) tags(ctx context.Context, s *session, prefixes []string) (TagList, error) {
	if c.shelf == nil {
		whole, _, err := s.wholeList(ctx, keptList{})
		return whole.TagList, err
	}
	kept := c.recall(ctx, s.image)
	list, changed, err := s.resume(ctx, kept, prefixes)
	if refused := errors.Is(err, errNoResume); refused || errors.Is(err, errNotWorth) {
		list, changed, err = s.wholeList(ctx, kept)
		list.learn(kept)
		list.refused = list.refused || refused
		changed = changed && !kept.refused && !(kept.fresh(c.now()) && list.repeats(kept))
	}
	if err != nil {
		return TagList{}, err
	}
	if changed && (list.useful() || list.refused) {
		c.keep(ctx, s.image, list)
	}
	return list.TagList, nil
}

// wholeList reads a list from its beginning to its end, unless the registry says that the kept one has not changed.
func (s *session) wholeList(ctx context.Context, kept keptList) (list keptList, changed bool, err error) {
	tags := &tagBuilder{}
	pages := s.pages("")
	pages.etag = kept.etag
	for {
		err := pages.next(ctx, tags.put)
		switch {
		case pages.unchanged:
			return kept, false, nil
		case err != nil && !errors.Is(err, errEnough):
			return keptList{}, false, err
		case pages.repeats:
			tags.cut = "the registry repeats a page"
		case pages.more() && pages.read == maxTagPages:
			tags.cut = fmt.Sprintf("the list has more than %d pages", maxTagPages)
		}
		if tags.cut != "" || !pages.more() {
			return newKeptList(tags, pages, s.now()), true, nil
		}
	}
}

// errEnough ends the reading of a page.
var errEnough = errors.New("enough")

// pages walks over a tag list.
type pages struct {
	*session
	query     string // of the next page; empty when there is none
	read      int    // how many were
	etag      string // sent with the first page when it is set, and then what the first page had
	unchanged bool   // the first page still has that tag
	repeats   bool   // the last page named itself as the next
	first     string // tag of the list
	guessed   bool   // the registry named no next page, though this one was full
}

// pages begins after a tag, or with the first when it is empty.
func (s *session) pages(after string) *pages { return &pages{session: s, query: pageQuery(after)} }

func pageQuery(after string) string {
	query := url.Values{"n": {fmt.Sprint(tagPageSize)}}
	if after != "" {
		query.Set("last", after)
	}
	return query.Encode()
}

func (p *pages) more() bool { return p.query != "" }

// next gives each tag of the next page to take, until that returns an error.
func (p *pages) next(ctx context.Context, take func(tag string) error) error {
	page := url.URL{Scheme: "https", Host: p.repo.RegistryStr(), Path: "/v2/" + p.repo.RepositoryStr() + "/tags/list", RawQuery: p.query}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return err
	}
	if p.read == 0 && p.etag != "" {
		req.Header.Set("If-None-Match", p.etag)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if p.unchanged = p.read == 0 && p.etag != "" && resp.StatusCode == http.StatusNotModified; p.unchanged {
		return nil
	}
	if err := transport.CheckError(resp, http.StatusOK); err != nil {
		return err
	}
	if p.read == 0 {
		p.etag = resp.Header.Get("ETag")
	}
	p.read++
	next := nextQuery(resp.Header.Get("Link"))
	p.repeats = next != "" && next == p.query
	p.query = next
	switch err := p.tags(resp.Body, take); {
	case errors.Is(err, errOver):
		p.query = ""
	case errors.Is(err, errEnough), errors.Is(err, errNoResume):
		return err
	case err != nil:
		return fmt.Errorf("read tag list: %w", err)
	}
	return nil
}

// errOver ends the reading of a page that begins the list anew.
var errOver = errors.New("the list begins anew")

// tags reads a page. Where it is full and the registry names no next, it asks for what stands after the last tag: not all registries
// name it. One that knows no more may answer with nothing, or with the beginning.
func (p *pages) tags(body io.Reader, take func(tag string) error) error {
	count, last := 0, ""
	err := readTags(body, func(tag string) error {
		count++
		switch {
		case p.first == "":
			p.first = tag
		case p.guessed && count == 1 && tag == p.first:
			return errOver
		}
		last = tag
		return take(tag)
	})
	if p.guessed = p.query == "" && count == tagPageSize; p.guessed {
		p.query = pageQuery(last)
	}
	return err
}

// nextQuery takes only the query of a Link: behind proxies its host and path are often wrong, and they are not the registry's to choose.
func nextQuery(link string) string {
	target, _, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(link), "<"), ">")
	if !ok {
		return ""
	}
	next, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return next.RawQuery
}

// readTags decodes {"name": …, "tags": […]} as a stream: a registry may put a million tags on a page.
func readTags(body io.Reader, take func(tag string) error) error {
	dec := json.NewDecoder(body)
	if err := expect(dec, json.Delim('{')); err != nil {
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key == "tags" {
			err = readArray(dec, take)
		} else {
			err = dec.Decode(&json.RawMessage{})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readArray(dec *json.Decoder, take func(tag string) error) error {
	open, err := dec.Token()
	if err != nil || open == nil { // null
		return err
	}
	if open != json.Delim('[') {
		return fmt.Errorf("tags are no list but %v", open)
	}
	for dec.More() {
		var tag string
		if err := dec.Decode(&tag); err != nil {
			return err
		}
		if !validTag(tag) {
			continue // cannot be asked for
		}
		if err := take(tag); err != nil {
			return err
		}
	}
	return expect(dec, json.Delim(']'))
}

func expect(dec *json.Decoder, want json.Token) error {
	got, err := dec.Token()
	if err == nil && got != want {
		err = fmt.Errorf("found %v, want %v", got, want)
	}
	return err
}

// validTag follows the distribution specification's grammar.
func validTag(tag string) bool {
	return isWord(tag, 128) && tag[0] != '.' && tag[0] != '-'
}
