package tag_test

import (
	"testing"
	"time"

	"github.com/basebump/basebump/resolver/tag"
)

func TestSystemEnded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ id, version, want string }{
		{"debian", "11", "Debian 11 reached its end of life on 2026-08-31"},
		{"debian", "12", ""},
		{"debian", "", ""}, // testing and unstable have none
		{"ubuntu", "18.04", "Ubuntu 18.04 reached its end of life on 2023-05-31"},
		{"alpine", "3.12.4", "Alpine 3.12 reached its end of life on 2022-05-01"},
		{"alpine", "3.1", "Alpine 3.1 reached its end of life on 2016-11-01"},
		{"nobody", "1", ""},
		{"", "", ""},
	} {
		end, ended := tag.Builtin().SystemEnded(tc.id, tc.version, now)
		got := ""
		if ended {
			got = end.String()
		}
		if got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.id, tc.version, got, tc.want)
		}
	}
}
