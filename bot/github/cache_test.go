package github

import "testing"

func TestCacheForgetsWhatWasNotUsedForLongest(t *testing.T) {
	t.Parallel()
	c := newCache[string](10)
	c.put("a", "A", 4)
	c.put("b", "B", 4)
	c.put("huge", "H", 11)
	c.get("a")
	c.put("c", "C", 4)
	c.put("c", "other", 4)
	for key, want := range map[string]string{"a": "A", "b": "", "c": "C", "huge": ""} {
		if got, _ := c.get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if c.left != 2 {
		t.Errorf("%d bytes left, want 2", c.left)
	}
}
