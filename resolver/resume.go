package resolver

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

var (
	errNotWorth = errors.New("a part of the list is no less than the whole")
	errNoResume = errors.New("the registry does not list its tags as it did")
)

// resume reads what may be new of a kept list; changed says whether anything is.
func (s *session) resume(ctx context.Context, kept keptList, prefixes []string) (list keptList, changed bool, err error) {
	if !kept.fresh(s.now()) {
		return keptList{}, false, errNotWorth
	}
	switch kept.order {
	case pushed:
		return s.resumeEnd(ctx, kept)
	case sorted:
		return s.resumeWindows(ctx, kept, prefixes)
	case unordered, watched:
	}
	return keptList{}, false, errNotWorth
}

// resumeEnd reads on after the last tag but one. The answer must begin with the last: then the registry knows where the list ended.
func (s *session) resumeEnd(ctx context.Context, kept keptList) (list keptList, changed bool, err error) {
	second, last := kept.tail()
	tags := &tagBuilder{}
	for tag := range kept.All() {
		tags.add(tag)
	}
	found := 0
	err = s.readOn(ctx, second, func(tag string) error {
		if found++; found == 1 {
			if tag != last {
				return errNoResume
			}
			return nil
		}
		return tags.put(tag)
	})
	switch {
	case err == nil && found == 0:
		err = errNoResume
	case err == nil && tags.cut != "":
		err = errNotWorth
	}
	kept.TagList = tags.list()
	return kept, found > 1, err
}

// window is the part of a sorted list whose tags begin with a prefix.
type window struct {
	prefix string
	after  string // the last tag before it; empty: it begins with the list
	tags   tagBuilder
}

// resumeWindows reads the parts of the list that matter. They must come in order.
func (s *session) resumeWindows(ctx context.Context, kept keptList, prefixes []string) (list keptList, changed bool, err error) {
	windows := kept.windows(prefixes)
	if len(windows) == 0 {
		return keptList{}, false, errNotWorth
	}
	for _, w := range windows {
		if err := s.readWindow(ctx, w); err != nil {
			return keptList{}, false, err
		}
	}
	if kept.TagList, changed = kept.with(windows); kept.count > maxTags {
		return keptList{}, false, errNotWorth
	}
	return kept, changed, nil
}

func (s *session) readWindow(ctx context.Context, w *window) error {
	previous := w.after
	err := s.readOn(ctx, w.after, func(tag string) error {
		if tag <= previous {
			return errNoResume
		}
		previous = tag
		switch {
		case strings.HasPrefix(tag, w.prefix):
			return w.tags.put(tag)
		case tag > w.prefix:
			return errEnough
		}
		return nil // new, and of no matter
	})
	if err == nil && w.tags.cut != "" {
		return errNotWorth
	}
	return err
}

// readOn reads the pages after a tag, until take has enough. A registry that does not have it so is no failure.
func (s *session) readOn(ctx context.Context, after string, take func(tag string) error) error {
	for pages := s.pages(after); pages.more(); {
		err := pages.next(ctx, take)
		answer, answered := errors.AsType[*transport.Error](err)
		switch {
		case errors.Is(err, errEnough):
			return nil
		case answered && noSuchQuestion(answer.StatusCode), pages.repeats, pages.read == maxTagPages:
			return errNoResume
		case err != nil:
			return err
		}
	}
	return nil
}

// noSuchQuestion says that the registry does not take a tag to read on after.
func noSuchQuestion(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// windows returns the parts of a sorted list that hold what matters, in its order; none when they are no less than the whole.
func (k keptList) windows(prefixes []string) []*window {
	var windows []*window
	for _, prefix := range slices.Sorted(slices.Values(prefixes)) {
		if n := len(windows); n == 0 || !strings.HasPrefix(prefix, windows[n-1].prefix) {
			windows = append(windows, &window{prefix: prefix})
		}
	}
	perPage := k.count/max(k.pages, 1) + 1
	pages := 0
	for _, w := range windows {
		inside := 0
		for tag := range k.All() {
			if tag < w.prefix {
				w.after = tag
			} else if strings.HasPrefix(tag, w.prefix) {
				inside++
			}
		}
		pages += inside/perPage + 1
	}
	if pages >= k.pages {
		return nil
	}
	return windows
}

// with puts what was read of each window in the place of what was kept of it.
func (k keptList) with(windows []*window) (list TagList, changed bool) {
	var merged, dropped, read tagBuilder
	next := 0
	pass := func() {
		for tag := range windows[next].tags.list().All() {
			merged.add(tag)
			read.add(tag)
		}
		next++
	}
	for tag := range k.All() {
		for next < len(windows) && tag >= windows[next].prefix {
			pass()
		}
		if next > 0 && strings.HasPrefix(tag, windows[next-1].prefix) {
			dropped.add(tag)
		} else {
			merged.add(tag)
		}
	}
	for next < len(windows) {
		pass()
	}
	list = merged.list()
	for _, w := range windows {
		list.read = append(list.read, w.prefix)
	}
	return list, !slices.Equal(dropped.list().chunks, read.list().chunks)
}
