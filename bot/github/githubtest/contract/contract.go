// Package contract fails a test when HTTP traffic leaves GitHub's published OpenAPI description: what a client asks, what the
// in-process GitHub answers, and what it sends to a webhook receiver. It is for tests alone.
//
// The description in github.json.gz and webhooks.json.gz is cut from npm package @octokit/openapi (MIT) by prune.sh; prune/widen.go lists what is
// allowed beyond it.
package contract

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

var (
	//go:embed github.json.gz
	packedOperations []byte
	//go:embed webhooks.json.gz
	packedWebhooks []byte
)

// Each description is read once per test binary and never written to.
var (
	operations = sync.OnceValues(readOperations)
	webhooks   = sync.OnceValues(func() (*openapi3.T, error) { return read(packedWebhooks) })
)

func readOperations() (routers.Router, error) {
	document, err := read(packedOperations)
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(document)
}

func read(packed []byte) (*openapi3.T, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack GitHub's description: %w", err)
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		return nil, fmt.Errorf("unpack GitHub's description: %w", err)
	}
	document, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("read GitHub's description: %w", err)
	}
	return document, nil
}

// must is what a description holds, or the end of the test.
func must[T any](t testing.TB, load func() (T, error)) T {
	t.Helper()
	value, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return value
}
