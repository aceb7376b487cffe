package scan

import (
	"fmt"
	"strings"
)

// Severity orders how bad a vulnerability is; a greater value is worse. Its text is lower case.
type Severity int

const (
	Unknown Severity = iota
	Negligible
	Low
	Medium
	High
	Critical
)

var severityNames = [...]string{"unknown", "negligible", "low", "medium", "high", "critical"}

// Severities lists all of them, worst first.
func Severities() []Severity {
	return []Severity{Critical, High, Medium, Low, Negligible, Unknown}
}

// ParseSeverity reads a severity's name in any case.
func ParseSeverity(name string) (Severity, error) {
	for i, known := range severityNames {
		if strings.EqualFold(name, known) {
			return Severity(i), nil
		}
	}
	return Unknown, fmt.Errorf("unknown severity %q: one of %s", name, strings.Join(severityNames[:], ", "))
}

func (s Severity) String() string {
	if s < Unknown || s > Critical {
		return severityNames[Unknown]
	}
	return severityNames[s]
}

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Severity) UnmarshalText(text []byte) error {
	parsed, err := ParseSeverity(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}
