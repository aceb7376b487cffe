package gitrepo

import (
	"strings"
	"testing"
)

func FuzzRules(f *testing.F) {
	for _, seed := range []string{"*.log", "!a/**", "/a/**/b/", "[!a-z]{x}", `\#\`, "a***b/****", "\ufeff a \\ \r", "!"} {
		f.Add([]byte(seed), "a/b/c.log", false)
	}
	f.Fuzz(func(t *testing.T, data []byte, path string, isFolder bool) {
		parsed := parseRules("a", data)
		if parsed.ignore(path, isFolder) && !strings.HasPrefix(path, "a/") {
			t.Errorf("the rules of a/ ignore %q", path)
		}
		for i := range parsed { // whatever is ignored, a final "!*" takes it back
			if !parsed[i].matches(path, isFolder) {
				continue
			}
			if again := append(parsed[:i+1:i+1], parseRules("", []byte("!*"))...); again.ignore(path, isFolder) {
				t.Errorf("%q stays ignored", path)
			}
		}
	})
}
