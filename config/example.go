package config

import _ "embed"

//go:embed example.yaml
var example string

// Example returns a commented operator configuration that says what the defaults say; every key is in it.
func Example() []byte { return []byte(example) }
