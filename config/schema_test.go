package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/basebump/basebump/config"
)

// TestSchema keeps the files in step that editors are pointed to.
func TestSchema(t *testing.T) {
	t.Parallel()
	golden(t, filepath.Join("schema", "operator.json"), config.Schema(config.Operator))
	golden(t, filepath.Join("schema", "repository.json"), config.Schema(config.InRepository))
}

// TestSchemaAccepts holds the schema to what Load accepts.
func TestSchemaAccepts(t *testing.T) {
	t.Parallel()
	contract, err := os.ReadFile(filepath.Join("testdata", "contract", "basebump.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		kind config.Kind
		text string
		want bool
	}{
		"the contract":        {config.Operator, string(contract), true},
		"the example":         {config.Operator, string(config.Example()), true},
		"an unknown key":      {config.Operator, "policy: {updates: minor}", false},
		"an unknown value":    {config.Operator, "policy: {update: all}", false},
		"a missing host":      {config.Operator, "registries: [{username: bot}]", false},
		"a repository's":      {config.InRepository, "policy: {pin: false, min_age: 1d12h}\npaths: ['!docs/**']", true},
		"an operator's there": {config.InRepository, "limits: {scan_memory: 2GiB}", false},
	} {
		var value any
		if err := yaml.Unmarshal([]byte(strings.ReplaceAll(tc.text, "2026-12-31", "'2026-12-31'")), &value); err != nil {
			t.Fatal(err)
		}
		if err := compile(t, tc.kind).Validate(value); (err == nil) != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func compile(t *testing.T, kind config.Kind) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema(kind)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile("schema.json")
}

// TestExampleIsComplete finds every key of the schema in the example.
func TestExampleIsComplete(t *testing.T) {
	t.Parallel()
	example := config.Example()
	var visit func(schema *jsonschema.Schema)
	visit = func(schema *jsonschema.Schema) {
		for key, property := range schema.Properties {
			either := regexp.MustCompile(`\b` + strings.TrimSuffix(key, "_file") + `(_file)?: `)
			switch {
			case property.Properties != nil:
				visit(property)
			case property.Items2020 != nil && property.Items2020.Properties != nil:
				visit(property.Items2020)
			case !either.Match(example):
				t.Errorf("the example does not show %s", key)
			}
		}
	}
	visit(compile(t, config.Operator))
}
