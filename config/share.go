package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Share is a part of a whole, from 0 to 1, written 50% or 0.5.
type Share float64

var errShare = errors.New("expected a share such as 50% or 0.5")

func (s Share) String() string { return strconv.FormatFloat(100*float64(s), 'g', 6, 64) + "%" }

// MarshalText implements encoding.TextMarshaler.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Share) UnmarshalText(text []byte) error {
	number, isPercent := strings.CutSuffix(string(text), "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		value /= 100
	}
	if err != nil || !(value >= 0 && value <= 1) {
		return errShare
	}
	*s = Share(value)
	return nil
}

func (Share) schema() map[string]any {
	return map[string]any{"oneOf": []any{
		map[string]any{"type": "number", "minimum": 0, "maximum": 1},
		map[string]any{"type": "string", "pattern": `^([0-9.]+ ?%|[01](\.[0-9]+)?)$`},
	}}
}

// Growth bounds how much larger something may become, in percent or in bytes, written 20% or 50MiB. Of two that are given, both hold; the
// zero Growth is no bound.
type Growth struct {
	Percent float64
	Bytes   Size
}

var errGrowth = errors.New("expected a share such as 20%, or a size such as 50MiB")

func (g Growth) String() string {
	var bounds []string
	if g.Percent > 0 {
		bounds = append(bounds, strconv.FormatFloat(g.Percent, 'g', 6, 64)+"%")
	}
	if g.Bytes > 0 {
		bounds = append(bounds, g.Bytes.String())
	}
	return strings.Join(bounds, " and ")
}

// MarshalText implements encoding.TextMarshaler.
func (g Growth) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (g *Growth) UnmarshalText(text []byte) error {
	if number, isPercent := strings.CutSuffix(string(text), "%"); isPercent {
		value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(value > 0) || math.IsInf(value, 0) {
			return errGrowth
		}
		*g = Growth{Percent: value}
		return nil
	}
	var size Size
	if size.UnmarshalText(text) != nil || size == 0 {
		return errGrowth
	}
	*g = Growth{Bytes: size}
	return nil
}

// narrow returns the bound that keeps both.
func (g Growth) narrow(other Growth) Growth {
	return Growth{Percent: smallest(g.Percent, other.Percent), Bytes: smallest(g.Bytes, other.Bytes)}
}

// smallest is the smaller of two numbers, where 0 is none.
func smallest[N float64 | Size](a, b N) N {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

func (Growth) schema() map[string]any {
	return map[string]any{"type": "string", "pattern": `^([0-9.]+ ?%|[0-9]+ ?([KMGT]iB|[kMGT]?B))$`}
}
