package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Duration is a length of time, never negative, written as Go does, with days besides: 90s, 72h, 30d, 1d12h.
type Duration time.Duration

const day = 24 * time.Hour

var errDuration = errors.New("expected a duration such as 90s, 72h or 30d")

// String writes whole days as days.
func (d Duration) String() string {
	if t := time.Duration(d); t >= day && t%day == 0 {
		return strconv.FormatInt(int64(t/day), 10) + "d"
	}
	return time.Duration(d).String()
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	count, rest, found := strings.Cut(string(text), "d")
	var total time.Duration
	if found {
		days, err := strconv.ParseUint(count, 10, 64)
		if err != nil || days > uint64(math.MaxInt64/day) {
			return errDuration
		}
		total = time.Duration(days) * day
	} else {
		rest = count
	}
	if !found || rest != "" {
		clock, err := time.ParseDuration(rest)
		if err != nil || clock < 0 || total > math.MaxInt64-clock {
			return errDuration
		}
		total += clock
	}
	*d = Duration(total)
	return nil
}

func (Duration) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^([0-9]+d)?([0-9.]+(ns|us|µs|ms|s|m|h))*$|^0$`}
}

// Size is a number of bytes, written with a unit: 512MiB, 2GiB, 2GB.
type Size int64

var errSize = errors.New("expected a size such as 512MiB or 2GiB")

// units are ordered so that none is the end of an earlier one; the first that divides a size writes it.
var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"B", 1},
}

func (s Size) String() string {
	for _, unit := range units {
		if s != 0 && int64(s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(s)/unit.bytes, 10) + unit.name
		}
	}
	return "0B"
}

// MarshalText implements encoding.TextMarshaler.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Size) UnmarshalText(text []byte) error {
	for _, unit := range units {
		number, found := strings.CutSuffix(string(text), unit.name)
		if !found {
			continue
		}
		count, err := strconv.ParseUint(strings.TrimSpace(number), 10, 63)
		if err != nil || count > uint64(math.MaxInt64/unit.bytes) {
			return errSize
		}
		*s = Size(int64(count) * unit.bytes)
		return nil
	}
	return errSize
}

func (Size) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^[0-9]+ ?([KMGT]iB|[kMGT]?B)$`}
}

// Date is a day, written 2026-12-31; the zero Date is no day.
type Date struct{ day time.Time }

// Covers reports whether t is on or before the day, in UTC; no day covers all time.
func (d Date) Covers(t time.Time) bool { return d.day.IsZero() || t.Before(d.day.Add(day)) }

// Equal reports whether both are the same day.
func (d Date) Equal(other Date) bool { return d.day.Equal(other.day) }

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d.day.IsZero() }

func (d Date) String() string {
	if d.day.IsZero() {
		return ""
	}
	return d.day.Format(time.DateOnly)
}

// MarshalText implements encoding.TextMarshaler.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return errors.New("expected a day such as 2026-12-31")
	}
	d.day = parsed
	return nil
}

func (Date) schema() map[string]any { return map[string]any{"type": "string", "format": "date"} }
