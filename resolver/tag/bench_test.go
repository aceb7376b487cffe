package tag_test

import (
	"iter"
	"runtime"
	"strconv"
	"testing"

	"github.com/basebump/basebump/resolver/tag"
)

// million yields a million tags of several forms as a registry would send them, keeping none.
func million() iter.Seq[string] {
	return func(yield func(string) bool) {
		forms := []string{"-alpine3.20", "-slim-bookworm", "", "-rc1", "-jdk17-windowsservercore-ltsc2022"}
		for i := range 1_000_000 {
			raw := "1." + strconv.Itoa(i/5_000) + "." + strconv.Itoa(i%5_000) + forms[i%len(forms)]
			if !yield(raw) {
				return
			}
		}
	}
}

func BenchmarkMillionTags(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := tag.Candidates(tag.Query{Image: "docker.io/acme/app", Current: "1.0.0-alpine3.20", Update: tag.Major, Now: today}, million())
		if len(r.Candidates) != 2 {
			b.Fatal(offered(r))
		}
	}
}

func TestMillionTagsInLittleMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := tag.Candidates(tag.Query{Image: "docker.io/acme/app", Current: "1.0.0-alpine3.20", Update: tag.Major, Now: today}, million())
	runtime.ReadMemStats(&after)
	if want := "minor 1.199.4995-alpine3.20, patch 1.0.4995-alpine3.20"; offered(r) != want {
		t.Errorf("got %q, want %q", offered(r), want)
	}
	// The tags themselves are some 40 MiB that come and go.
	if used := after.TotalAlloc - before.TotalAlloc; used > 100<<20 {
		t.Errorf("allocated %d MiB in all", used>>20)
	}
}
