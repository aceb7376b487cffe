package storetest

import (
	"testing"
	"time"

	"github.com/basebump/basebump/bot/store"
)

func tagLists(t *testing.T, open Open) {
	s := open(t)
	const image, other = "docker.io/library/debian", "docker.io/library/node"
	list := func(image string) string {
		t.Helper()
		got, err := s.TagList(t.Context(), image)
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	same(t, "none", "", list(image))
	for _, body := range []string{"first", "second\x00"} {
		if err := s.SaveTagList(t.Context(), image, []byte(body), noon); err != nil {
			t.Fatal(err)
		}
		same(t, "a list", body, list(image))
	}
	if err := s.SaveTagList(t.Context(), other, []byte("newer"), noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	finished := noon.Add(store.TagListAge + time.Hour)
	if err := s.SaveCycle(t.Context(), store.Cycle{Started: finished, Finished: finished}); err != nil {
		t.Fatal(err)
	}
	same(t, "a list beyond its time", "", list(image))
	same(t, "another", "newer", list(other))
}
