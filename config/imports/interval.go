package imports

import (
	"cmp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// intervals are Dependabot's, as day of the month, month and weekday.
var intervals = map[string]string{
	"daily": "* * 1-5", "weekly": "* * 1", "monthly": "1 * *", "quarterly": "1 1,4,7,10 *", "semiannually": "1 1,7 *", "yearly": "1 1 *",
}

// defaultTime is when what has no time is due: Dependabot draws lots, which would write another file each time.
const defaultTime = "05:00"

// interval turns Dependabot's schedule into ours.
func (d *draft) interval(key, value *yaml.Node) {
	zone := text(get(value, "timezone"))
	var cron string
	ok := true
	switch every := text(get(value, "interval")); {
	case every == "cron":
		cron = text(get(value, "cronjob"))
	default:
		days := intervals[every]
		if number, known := weekdays[strings.ToLower(text(get(value, "day")))]; known && every == "weekly" {
			days = "* * " + number
		}
		var clock string
		clock, ok = clockOf(cmp.Or(text(get(value, "time")), defaultTime))
		ok = ok && days != ""
		cron = clock + " " + days
	}
	if ok {
		cron, ok = zoned(cron, cmp.Or(zone, "UTC"))
	}
	if !ok {
		d.note(key, "schedule: no equivalent; the operator's holds")
		return
	}
	d.settle(keySchedule, cron, key)
}

// clockOf turns 05:30 into the first two fields of a cron line.
func clockOf(time string) (string, bool) {
	h, m, found := strings.Cut(time, ":")
	hours, err := strconv.Atoi(h)
	minutes, minutesErr := strconv.Atoi(m)
	return strconv.Itoa(minutes) + " " + strconv.Itoa(hours), found && err == nil && minutesErr == nil
}

// text is the value of a scalar; empty for anything else.
func text(node *yaml.Node) string {
	if node == nil || node.Kind != yaml.ScalarNode {
		return ""
	}
	return node.Value
}
