package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/store"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/cache"
)

func seen(t *testing.T, s store.Store, digest string, at time.Time) time.Time {
	t.Helper()
	first, err := s.Seen(t.Context(), "docker.io/library/debian", digest, at)
	if err != nil {
		t.Fatal(err)
	}
	return first
}

func digests(t *testing.T, open Open) {
	s := open(t)
	same(t, "new", noon, seen(t, s, "sha256:a", noon))
	same(t, "seen again", noon, seen(t, s, "sha256:a", noon.Add(time.Hour)))
	same(t, "another", noon.Add(time.Hour), seen(t, s, "sha256:b", noon.Add(time.Hour)))
	same(t, "a clock set back", noon.Add(-time.Hour), seen(t, s, "sha256:a", noon.Add(-time.Hour)))
	same(t, "another zone", noon.Add(-time.Hour), seen(t, s, "sha256:a", noon.In(time.FixedZone("", 3600))))
}

func restart(t *testing.T, open Open) {
	s := open(t)
	seen(t, s, "sha256:a", noon)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	same(t, "after a restart", noon, seen(t, open(t), "sha256:a", noon.Add(time.Hour)))
}

// concurrent writes and reads from many goroutines over two openings, as two processes would.
func concurrent(t *testing.T, open Open) {
	stores := []store.Store{open(t), open(t)}
	var group sync.WaitGroup
	for i := range 40 {
		s := stores[i%2]
		group.Go(func() {
			result := planned(bot.Repository{Owner: "acme", Name: fmt.Sprint(i)})
			if err := s.SaveResult(t.Context(), result, noon); err != nil {
				t.Error(err)
			}
			if _, err := s.Seen(t.Context(), "image", "sha256:a", noon.Add(time.Duration(i))); err != nil {
				t.Error(err)
			}
			if _, err := s.Overview(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	same(t, "totals", store.Totals{Repositories: 40, Open: 40, Held: 80, Problems: 40}, overview(t, stores[1]).Totals)
}

func cycles(t *testing.T, open Open) {
	s := open(t)
	seen(t, s, "sha256:old", noon)
	save(t, s, planned(api), noon)
	key := cache.Key{Digest: "sha256:a", Database: noon}
	if err := s.SaveReport(t.Context(), key, scan.Report{}, noon); err != nil {
		t.Fatal(err)
	}
	first := store.Cycle{Started: noon, Finished: noon.Add(time.Minute), Repositories: 3, Bumps: 2, Failures: 1, Requests: 6, Error: "ended early"}
	finish := func(cycle store.Cycle) store.Overview {
		t.Helper()
		if err := s.SaveCycle(t.Context(), cycle); err != nil {
			t.Fatal(err)
		}
		return overview(t, s)
	}
	same(t, "the last cycle", &first, finish(first).Last)

	next := store.Cycle{Started: noon, Finished: noon.Add(store.ReportAge + time.Hour)}
	o := finish(next)
	same(t, "the newer cycle", &next, o.Last)
	same(t, "repositories", 1, o.Totals.Repositories)
	if report, err := s.Report(t.Context(), key); err != nil || report != nil {
		t.Errorf("a report outlived its time: %v, %v", report, err)
	}
	same(t, "a digest in time", noon, seen(t, s, "sha256:old", noon))

	after := noon.Add(store.Age + time.Hour)
	o = finish(store.Cycle{Started: after, Finished: after})
	same(t, "totals", store.Totals{}, o.Totals)
	same(t, "a forgotten digest", after, seen(t, s, "sha256:old", after))
}

func canceled(t *testing.T, open Open) {
	s := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.SaveResult(ctx, planned(api), noon); err == nil {
		t.Error("wrote with an ended context")
	}
	same(t, "nothing half-written", store.Totals{}, overview(t, s).Totals)
}
