package scan_test

import (
	"errors"
	"testing"

	"github.com/basebump/basebump/scan"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	yes, no, unknown := scan.Opinion{Accepted: true}, scan.Opinion{}, scan.Opinion{Err: errors.New("no database"), Accepted: true}
	const stop = -1
	for _, tc := range []struct {
		opinions        []scan.Opinion
		all, first, any int // who decides; stop: nobody can
	}{
		{[]scan.Opinion{yes}, 0, 0, 0},
		{[]scan.Opinion{no}, 0, 0, 0},
		{[]scan.Opinion{unknown}, stop, stop, stop},
		{[]scan.Opinion{yes, yes}, 0, 0, 0},
		{[]scan.Opinion{yes, no}, 1, 0, 0},
		{[]scan.Opinion{no, yes}, 0, 0, 1},
		{[]scan.Opinion{no, no}, 0, 0, 0},
		{[]scan.Opinion{yes, unknown}, stop, 0, 0},
		{[]scan.Opinion{unknown, yes}, stop, stop, 1},
		{[]scan.Opinion{no, unknown}, 0, 0, stop},
		{[]scan.Opinion{unknown, no}, 1, stop, stop},
		{[]scan.Opinion{unknown, no, yes}, 1, stop, 2},
	} {
		for rule, want := range map[scan.Agreement]int{scan.All: tc.all, "": tc.all, scan.First: tc.first, scan.Any: tc.any} {
			got, err := rule.Settle(tc.opinions)
			if err != nil {
				got = stop
			}
			if got != want {
				t.Errorf("%s of %v: %d, want %d", rule, tc.opinions, got, want)
			}
		}
	}
}
