package config

import "testing"

func TestShareAndGrowth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"50%": "50%", "0.5": "50%", "0": "0%", "1": "100%", "12.5 %": "12.5%", "101%": "", "-1%": "", "x": "", "NaN": ""} {
		var s Share
		got := ""
		if s.UnmarshalText([]byte(text)) == nil {
			got = s.String()
		}
		if got != want {
			t.Errorf("share %q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{"20%": "20%", "0%": "", "-5%": "", "Inf%": "", "50MiB": "50MiB", "0B": "", "20": "", "": ""} {
		var g Growth
		got := ""
		if g.UnmarshalText([]byte(text)) == nil {
			got = g.String()
		}
		if got != want {
			t.Errorf("growth %q: %q, want %q", text, got, want)
		}
	}
	both := Growth{Percent: 20, Bytes: 1 << 20}.narrow(Growth{Percent: 30, Bytes: 1 << 10})
	if both.String() != "20% and 1KiB" {
		t.Errorf("narrowed to %s", both)
	}
}
