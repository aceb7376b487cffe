package imports

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/basebump/basebump/config"
)

// window is a time at which work may be done, in Renovate's words; ours says when it is due, which is when the window opens.
var window = regexp.MustCompile(
	`^(?:after (?P<ah>\d{1,2})(?::00)? ?(?P<ap>am|pm))?(?: ?(?:and )?before (?P<bh>\d{1,2})(?::00)? ?(?P<bp>am|pm))? ?(?P<days>.*)$`)

var weekdays = map[string]string{
	"sunday": "0", "monday": "1", "tuesday": "2", "wednesday": "3", "thursday": "4", "friday": "5", "saturday": "6",
}

var fixedDays = map[string]string{ // → day of the month, month, weekday
	"": "* * *", "every day": "* * *", "every weekday": "* * 1-5", "every weekend": "* * 0,6",
	"on the first day of the month": "1 * *", "every month on the first day of the month": "1 * *", "every month": "1 * *",
	"every 2 months on the first day of the month": "1 */2 *", "every 3 months on the first day of the month": "1 */3 *",
	"every 6 months on the first day of the month": "1 */6 *", "every 12 months on the first day of the month": "1 1 *",
}

// cronOf turns one schedule of Renovate's into ours; false where it says what ours cannot.
func cronOf(text, zone string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if fields := strings.Fields(text); len(fields) == 5 && fields[0] == "*" {
		return zoned("0 "+strings.Join(fields[1:], " "), zone) // Renovate has no minutes
	}
	found := window.FindStringSubmatch(text)
	if found == nil || text == "" {
		return "", false
	}
	opens, ok := hour(found[1], found[2])
	if _, closes := hour(found[3], found[4]); !ok || !closes {
		return "", false
	}
	days, ok := daysOf(strings.TrimSpace(found[5]))
	if !ok {
		return "", false
	}
	return zoned("0 "+strconv.Itoa(opens)+" "+days, zone)
}

// hour is that of a clock of twelve; midnight where none is given.
func hour(digits, half string) (int, bool) {
	if digits == "" {
		return 0, true
	}
	h, err := strconv.Atoi(digits)
	if err != nil || h < 1 || h > 12 {
		return 0, false
	}
	if h %= 12; half == "pm" {
		h += 12
	}
	return h, true
}

func daysOf(text string) (string, bool) {
	if days, ok := fixedDays[text]; ok {
		return days, true
	}
	list, ok := strings.CutPrefix(text, "on ")
	if !ok {
		return "", false
	}
	var numbers []string
	for _, name := range strings.FieldsFunc(strings.ReplaceAll(list, " and ", ","), func(r rune) bool { return r == ',' || r == ' ' }) {
		number, ok := weekdays[strings.TrimSuffix(name, "s")]
		if !ok {
			return "", false
		}
		numbers = append(numbers, number)
	}
	return "* * " + strings.Join(numbers, ","), len(numbers) > 0
}

// zoned puts the time zone in front, and says whether the whole is a schedule.
func zoned(cron, zone string) (string, bool) {
	if zone != "" {
		cron = "CRON_TZ=" + zone + " " + cron
	}
	_, err := config.ParseSchedule(cron)
	return cron, err == nil
}
