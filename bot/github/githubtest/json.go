package githubtest

import (
	"fmt"
	"time"
)

// object is a JSON object on its way out.
type object = map[string]any

// each renders each value of a list; the result is never null.
func each[T any](values []T, one func(T) object) []object {
	out := make([]object, len(values))
	for i, value := range values {
		out[i] = one(value)
	}
	return out
}

// nodeID is the GraphQL name of a resource.
func nodeID(kind string, id int64) string { return fmt.Sprintf("%s_kgDO%08d", kind, id) }

// stamp writes a time as GitHub does; the zero time is null.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}

// text is s, or null when s is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
