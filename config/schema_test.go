package config_test

import (
	"path/filepath"
	"testing"

	"github.com/basebump/basebump/config"
)

func TestSchema(t *testing.T) {
	t.Parallel()
	golden(t, filepath.Join("testdata", "schema", "operator.json"), config.Schema(config.Operator))
	golden(t, filepath.Join("testdata", "schema", "repository.json"), config.Schema(config.InRepository))
}
