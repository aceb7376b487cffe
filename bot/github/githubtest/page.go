package githubtest

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	defaultPerPage = 30
	maxPerPage     = 100
)

// page cuts out what ?page and ?per_page ask for and sets the Link header.
func page[T any](c *call, values []T) []T {
	size, number := defaultPerPage, 1
	if n, err := strconv.Atoi(c.query("per_page")); err == nil && n > 0 {
		size = min(n, maxPerPage)
	}
	if n, err := strconv.Atoi(c.query("page")); err == nil && n > 0 {
		number = n
	}
	last := max(1, (len(values)+size-1)/size)
	var links []string
	link := func(rel string, to int) {
		query := c.request.URL.Query()
		query.Set("page", strconv.Itoa(to))
		links = append(links, fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.base, c.request.URL.EscapedPath(), query.Encode(), rel))
	}
	if number > 1 {
		link("prev", min(number-1, last))
	}
	if number < last {
		link("next", number+1)
		link("last", last)
	}
	if number > 1 {
		link("first", 1)
	}
	if links != nil {
		c.header.Set("Link", strings.Join(links, ", "))
	}
	if (number - 1) >= last {
		return values[:0]
	}
	return values[(number-1)*size : min(number*size, len(values))]
}
