package worker

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func TestUnpackedIsBounded(t *testing.T) {
	t.Parallel()
	b := newBudget()
	b.unpacked.limit = 10
	if _, err := io.Copy(io.Discard, &meter{Reader: strings.NewReader("0123456789"), budget: b}); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	_, err := io.Copy(io.Discard, &meter{Reader: strings.NewReader("x"), budget: b})
	if err == nil || err.Error() != "the image has more than 10 bytes unpacked" || fault.ClassOf(err) != fault.Permanent {
		t.Errorf("above the bound: %v", err)
	}
	b.release(usage{unpacked: 11})
	if err := b.charge(usage{unpacked: 10}); err != nil {
		t.Errorf("after a release: %v", err)
	}
}

func TestCacheKeepsTheNewest(t *testing.T) {
	t.Parallel()
	c := newCache(100)
	digest := func(i int) v1.Hash { return v1.Hash{Algorithm: "sha256", Hex: fmt.Sprint(i)} }
	put := func(i int, size int64) { c.put(digest(i), &layer{cost: usage{kept: size}}) }
	put(1, 60)
	put(2, 40)
	put(2, 40)
	put(3, 50)
	put(4, 101)
	for i, want := range map[int]bool{1: false, 2: true, 3: true, 4: false} {
		if _, got := c.get(digest(i)); got != want {
			t.Errorf("layer %d is held: %v, want %v", i, got, want)
		}
	}
}
