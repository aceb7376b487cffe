// Package contract fails a test when HTTP traffic leaves GitHub's published OpenAPI description: what a client asks, what the
// in-process GitHub answers, and what it sends to a webhook receiver. It is for tests alone.
//
// The description in github.json.gz is cut from npm package @octokit/openapi (MIT) by prune.sh; prune/widen.go lists what is
// allowed beyond it.
package contract

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

//go:embed github.json.gz
var packed []byte

// description is GitHub's, ready to look up operations in.
type description struct {
	document *openapi3.T
	router   routers.Router
}

// load reads the description once per test binary; it is never written to.
var load = sync.OnceValues(func() (*description, error) {
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
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		return nil, fmt.Errorf("route by GitHub's description: %w", err)
	}
	return &description{document, router}, nil
})
