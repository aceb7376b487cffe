package config

import (
	"errors"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

var errSchedule = errors.New(`expected five cron fields, @hourly or "@every 30m", perhaps after CRON_TZ=ZONE`)

// Schedule says when something is due. It implements cron.Schedule; the zero Schedule is never due.
type Schedule struct {
	text     string
	schedule cron.Schedule
}

// ParseSchedule reads a schedule as robfig/cron does.
func ParseSchedule(text string) (Schedule, error) {
	zone, rest, found := strings.Cut(text, " ")
	zoned := strings.HasPrefix(text, "TZ=") || strings.HasPrefix(text, "CRON_TZ=")
	if zoned && !found { // the parser would index out of range
		return Schedule{}, errSchedule
	}
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		if _, zoneErr := time.LoadLocation(zone[strings.Index(zone, "=")+1:]); zoned && zoneErr != nil {
			return Schedule{}, errors.New("expected a time zone such as Europe/Berlin after CRON_TZ=")
		}
		return Schedule{}, errSchedule
	}
	if !zoned {
		rest = text
	}
	if every, ok := strings.CutPrefix(strings.TrimSpace(rest), "@every "); ok {
		if period, err := time.ParseDuration(every); err != nil || period < time.Second { // rounded up in silence
			return Schedule{}, errors.New("expected a period of at least one second after @every")
		}
	}
	if parsed.Next(time.Unix(0, 0)).IsZero() {
		return Schedule{}, errors.New("expected a schedule with a day that exists")
	}
	return Schedule{text: text, schedule: parsed}, nil
}

// mustSchedule is for the defaults.
func mustSchedule(text string) Schedule {
	schedule, err := ParseSchedule(text)
	if err != nil {
		panic(err)
	}
	return schedule
}

// Next returns when the schedule is due after t; the zero time when never.
func (s Schedule) Next(t time.Time) time.Time {
	if s.schedule == nil {
		return time.Time{}
	}
	return s.schedule.Next(t)
}

// IsZero reports whether no schedule was given.
func (s Schedule) IsZero() bool { return s.schedule == nil }

// Equal reports whether both were written the same.
func (s Schedule) Equal(other Schedule) bool { return s.text == other.text }

func (s Schedule) String() string { return s.text }

// MarshalText implements encoding.TextMarshaler.
func (s Schedule) MarshalText() ([]byte, error) { return []byte(s.text), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Schedule) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSchedule(string(text))
	return err
}
