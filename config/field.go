package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// field is what the tags of a struct's field say; see decoder.
type field struct {
	index    int
	key      string
	doc      string
	secret   string   // what a Secret is called in messages
	required bool     // must be given
	only     []string // the values of the entry's type that have this key; nil for all
	min, max *int64   // bounds of a number
}

// fieldsOf lists the fields of a configuration struct that have a key, as declared.
func fieldsOf(t reflect.Type) []field {
	fields := make([]field, 0, t.NumField())
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		key := tag.Get("yaml")
		if key == "" || key == "-" {
			continue
		}
		f := field{
			index: i, key: key, doc: tag.Get("doc"), secret: tag.Get("secret"), required: tag.Get("required") != "",
			min: bound(tag.Get("min")), max: bound(tag.Get("max")),
		}
		if only := tag.Get("only"); only != "" {
			f.only = strings.Split(only, ",")
		}
		fields = append(fields, f)
	}
	return fields
}

func bound(tag string) *int64 {
	number, err := strconv.ParseInt(tag, 10, 64)
	if err != nil {
		return nil
	}
	return &number
}

// keysOf lists the keys that fields answer to; a secret has two.
func keysOf(fields []field) []string {
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
		if f.secret != "" {
			keys = append(keys, f.key+"_file")
		}
	}
	return keys
}

func (f field) admits(number int64) bool {
	return (f.min == nil || number >= *f.min) && (f.max == nil || number <= *f.max)
}

// numbers says which numbers the field admits.
func (f field) numbers() string {
	switch {
	case f.min != nil && f.max != nil:
		return fmt.Sprintf("a whole number from %d to %d", *f.min, *f.max)
	case f.min != nil:
		return fmt.Sprintf("a whole number, at least %d", *f.min)
	}
	return "a whole number"
}

// isLeaf reports whether the type of an addressable value is written as one value.
func isLeaf(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case encoding.TextUnmarshaler, *Secret:
		return true
	}
	return false
}

// values returns the closed set that a value is from, or nil.
func values(v reflect.Value) []string {
	if e, ok := v.Interface().(enum); ok {
		return e.values()
	}
	return nil
}

func contains(known []string, word string) bool { return slices.Contains(known, word) }

// oneOf joins alternatives for a message: a, b or c.
func oneOf(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// envName is how a key or a host is spelled in the name of an environment variable.
func envName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, name)
}
