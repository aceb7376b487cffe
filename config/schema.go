package config

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// Kind is one of the two configurations.
type Kind int

// The configurations that have a schema.
const (
	Operator     Kind = iota // basebump.yaml
	InRepository             // .github/basebump.yaml
)

// Schema returns the JSON schema (draft 2020-12) of a configuration, for editors: the keys, their meaning, values and defaults. Checks
// between keys are Load's alone.
func Schema(kind Kind) []byte {
	var root map[string]any
	if kind == Operator {
		defaults := Default()
		root = schemaOf(reflect.ValueOf(&defaults).Elem(), field{})
		root["title"] = "basebump.yaml, the operator's configuration of basebump"
	} else {
		root = schemaOf(reflect.ValueOf(new(Repository)).Elem(), field{})
		root["title"] = RepositoryFile + ", a repository's configuration of basebump"
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // maps of strings and numbers always marshal
	}
	return append(text, '\n')
}

// schemaOf describes the type of v, an addressable value that holds the default.
func schemaOf(v reflect.Value, f field) map[string]any {
	if v.Kind() == reflect.Pointer {
		return schemaOf(reflect.New(v.Type().Elem()).Elem(), f)
	}
	var schema map[string]any
	switch {
	case v.Kind() == reflect.Struct && !isLeaf(v):
		schema = objectSchema(v)
	case v.Kind() == reflect.Slice:
		schema = map[string]any{"type": "array", "items": schemaOf(reflect.New(v.Type().Elem()).Elem(), field{})}
		if v.Len() > 0 && v.Type().Elem().Kind() == reflect.String {
			schema["default"] = v.Interface()
		}
	default:
		schema = valueSchema(v, f)
	}
	if f.doc != "" {
		schema["description"] = f.doc
	}
	return schema
}

func objectSchema(v reflect.Value) map[string]any {
	if start, ok := v.Addr().Interface().(interface{ setDefaults() }); ok {
		start.setDefaults()
	}
	properties := map[string]any{}
	var required []string
	for _, f := range fieldsOf(v.Type()) {
		properties[f.key] = schemaOf(v.Field(f.index), f)
		if f.secret != "" {
			properties[f.key+"_file"] = map[string]any{
				"type": "string", "description": "The file that holds it, relative to this one: " + f.doc,
			}
		}
		if f.required {
			required = append(required, f.key)
		}
	}
	schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if required != nil {
		schema["required"] = required
	}
	return schema
}

// valueSchema describes a single value, with the default where it is not the zero value.
func valueSchema(v reflect.Value, f field) map[string]any {
	schema := map[string]any{"type": "string"}
	switch typed, ok := v.Interface().(interface{ schema() map[string]any }); {
	case ok:
		schema = typed.schema()
	case v.Kind() == reflect.Bool:
		schema["type"] = "boolean"
	case v.CanInt() && !isLeaf(v):
		schema["type"] = "integer"
	}
	if known := values(v); known != nil {
		schema["enum"] = known
	}
	if f.min != nil {
		schema["minimum"] = *f.min
	}
	if f.max != nil {
		schema["maximum"] = *f.max
	}
	if !v.IsZero() {
		schema["default"] = defaultOf(v)
	}
	return schema
}

// defaultOf is a default as it would stand in the file.
func defaultOf(v reflect.Value) any {
	switch value := v.Interface().(type) {
	case Secret:
		return value.Reveal() // a default is no secret
	case encoding.TextMarshaler:
		return value
	}
	return v.Interface()
}
