package scan

import (
	"fmt"
	"strings"
)

// Growth bounds how much larger a candidate may be than today's image. The zero Growth is no bound; of two, both hold.
type Growth struct {
	Percent float64 // of today's size
	Bytes   int64   // compressed
}

func (g Growth) String() string {
	var bounds []string
	if g.Percent > 0 {
		bounds = append(bounds, fmt.Sprintf("%g%%", g.Percent))
	}
	if g.Bytes > 0 {
		bounds = append(bounds, Size(g.Bytes))
	}
	return strings.Join(bounds, " and ")
}

func growsLittle(p Policy, e Evidence) (bool, string) {
	limit, grown := p.MaxGrowth, e.SizeAfter-e.SizeBefore
	over := limit.Bytes > 0 && grown > limit.Bytes || limit.Percent > 0 && 100*float64(grown) > limit.Percent*float64(e.SizeBefore)
	if !over {
		return true, ""
	}
	return false, fmt.Sprintf("grows from %s to %s (policy.max_growth is %s)", Size(e.SizeBefore), Size(e.SizeAfter), limit)
}
