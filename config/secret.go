package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const redacted = "[redacted]"

// Secret is a value that shows itself to nobody who does not ask by Reveal: not in logs, errors, JSON or fmt's verbs. The zero Secret
// is empty.
type Secret struct {
	// A pointer, because fmt prints the innards of a secret in another struct's unexported field without asking its methods.
	value *string
}

// NewSecret hides a value; an empty one is the zero Secret.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal returns the value itself.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no value.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal reports whether both hide the same value. It does not take constant time.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// Lines returns each non-empty line as a secret of its own.
func (s Secret) Lines() []Secret {
	var lines []Secret
	for line := range strings.Lines(s.Reveal()) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, NewSecret(line))
		}
	}
	return lines
}

// String returns a placeholder, or "" for no value.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// Format implements fmt.Formatter: every verb prints the placeholder.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
