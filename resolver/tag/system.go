package tag

import "time"

// SystemEnded says whether an operating system, by the ID and VERSION_ID of its os-release, is past its end of life. One of which
// nothing is known is not.
func (d *Data) SystemEnded(id, version string, now time.Time) (End, bool) {
	product, today := d.byName[id], now.UTC().Format(time.DateOnly)
	line := product.line(version)
	if line == nil || !line.ended(today) {
		return End{}, false
	}
	return End{Product: product.Title, Line: line.Line, Day: line.EOL, Successor: product.kept(today)}, true
}
