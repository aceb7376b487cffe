package dockerfile

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHeed(t *testing.T) {
	t.Parallel()
	const first = "1:6 docker.io/library/a 1 tag=1@1"
	tests := []struct {
		name, file string
		want       []string
	}{
		{"above", "# basebump: ignore\nFROM a:1", []string{"skip 2: a:1: ignored by a comment"}},
		{"in a run of comments", "# Basebump says\n# basebump: ignore reason=it is pinned by hand\n# more\nFROM a:1", []string{
			"skip 4: a:1: ignored by a comment: it is pinned by hand",
		}},
		{"not across a blank line", "FROM a:1\n# basebump: ignore\n\nFROM scratch", []string{first}},
		{"not the next one", "FROM a:1\n# basebump: ignore\nFROM b:1\nFROM c:1", []string{
			first, "4:6 docker.io/library/c 1 tag=1@4", "skip 3: b:1: ignored by a comment",
		}},
		{"above the ARG", "# basebump: ignore\nARG V=1\nFROM a:$V", []string{"skip 3: a:$V: ignored by a comment"}},
		{"above the instruction", "FROM scratch\n# basebump: ignore\nRUN \\\n --mount=from=a:1 true", []string{"skip 4: a:1: ignored by a comment"}},
		{"within the instruction", "FROM scratch\nRUN \\\n# basebump: ignore\n --mount=from=a:1 \\\n --mount=from=b:1 true", []string{
			"5:15 docker.io/library/b 1 tag=1@5", "skip 4: a:1: ignored by a comment",
		}},
		{"until the day", "# basebump: ignore until=2026-11-23 reason=\"freeze\"\nFROM a:1", []string{"skip 2: a:1: ignored by a comment until 2026-11-23: freeze"}},
		{"until yesterday", "# basebump: ignore until=2026-11-22\nFROM a:1", []string{"2:6 docker.io/library/a 1 tag=1@2"}},
		{"until nobody knows", "# basebump: ignore until=soon\nFROM a:1", []string{"skip 2: a:1: ignored by a comment: until=soon is no date (YYYY-MM-DD)"}},
		{"reason first", "# basebump: ignore reason=freeze until=2026-12-01\nFROM a:1", []string{"skip 2: a:1: ignored by a comment until 2026-12-01: freeze"}},
		{"another word", "# basebump: ignored\nFROM a:1", []string{"2:6 docker.io/library/a 1 tag=1@2"}},
	}
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, show(Extract("Dockerfile", []byte(test.file)).Heed(now))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
