package resolver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
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

// TagList is a repository's tags in the registry's order. It keeps a million of them in some twenty megabytes.
type TagList struct {
	Cut string // why the list is not whole; empty when it is

	chunks []string // of tags, each followed by a newline
	count  int
}

// NewTagList makes a list of tags, which hold no newline.
func NewTagList(tags ...string) TagList {
	var b tagBuilder
	for _, tag := range tags {
		b.add(tag)
	}
	return b.list()
}

// Len returns how many tags the list has.
func (l TagList) Len() int { return l.count }

// All yields the tags without copying them.
func (l TagList) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, chunk := range l.chunks {
			for chunk != "" {
				tag, rest, _ := strings.Cut(chunk, "\n")
				if !yield(tag) {
					return
				}
				chunk = rest
			}
		}
	}
}

// Tags lists the tags of an image, page by page. A list beyond the bounds is cut, which is no error.
func (c *Client) Tags(ctx context.Context, image string) (TagList, error) {
	var list TagList
	q := question{op: "list tags of", image: image}
	err := c.ask(ctx, q, func(s *session) (err error) {
		list, err = s.tags(ctx)
		return err
	})
	return list, err
}

func (s *session) tags(ctx context.Context) (TagList, error) {
	page := url.URL{Scheme: "https", Host: s.repo.RegistryStr(), Path: "/v2/" + s.repo.RepositoryStr() + "/tags/list"}
	page.RawQuery = url.Values{"n": {fmt.Sprint(tagPageSize)}}.Encode()
	tags := &tagBuilder{}
	for range maxTagPages {
		query, err := s.tagPage(ctx, page, tags)
		switch {
		case err != nil:
			return TagList{}, err
		case tags.cut != "" || query == "":
			return tags.list(), nil
		case query == page.RawQuery:
			tags.cut = "the registry repeats a page"
			return tags.list(), nil
		}
		page.RawQuery = query
	}
	tags.cut = fmt.Sprintf("the list has more than %d pages", maxTagPages)
	return tags.list(), nil
}

// tagPage adds one page and returns the query of the next, or "".
func (s *session) tagPage(ctx context.Context, page url.URL, tags *tagBuilder) (next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, page.String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if err := transport.CheckError(resp, http.StatusOK); err != nil {
		return "", err
	}
	if err := tags.read(resp.Body); err != nil {
		return "", fmt.Errorf("read tag list: %w", err)
	}
	return nextQuery(resp.Header.Get("Link")), nil
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

// chunkSize is small beside a long list, which is never copied as it grows, and large beside a short one.
const chunkSize = mib / 4

type tagBuilder struct {
	chunks []string
	last   strings.Builder
	count  int
	bytes  int
	cut    string
}

func (b *tagBuilder) add(tag string) {
	if b.last.Len()+len(tag) >= chunkSize {
		b.flush()
		b.last.Grow(chunkSize)
	}
	b.last.WriteString(tag)
	b.last.WriteByte('\n')
	b.count++
	b.bytes += len(tag) + 1
}

func (b *tagBuilder) flush() {
	if b.last.Len() > 0 {
		b.chunks = append(b.chunks, b.last.String())
		b.last.Reset()
	}
}

func (b *tagBuilder) list() TagList {
	b.flush()
	return TagList{chunks: b.chunks, count: b.count, Cut: b.cut}
}

// read decodes {"name": …, "tags": […]} as a stream: a registry may put a million tags on a page.
func (b *tagBuilder) read(body io.Reader) error {
	dec := json.NewDecoder(body)
	if err := expect(dec, json.Delim('{')); err != nil {
		return err
	}
	for dec.More() && b.cut == "" {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key == "tags" {
			err = b.readTags(dec)
		} else {
			err = dec.Decode(&json.RawMessage{})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *tagBuilder) readTags(dec *json.Decoder) error {
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
		if b.count == maxTags || b.bytes+len(tag) >= maxTagBytes {
			b.cut = fmt.Sprintf("only the first %d tags were read", b.count)
			return nil
		}
		b.add(tag)
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
