// Package getter stands in for hashicorp/go-getter when basebump-grype is built with the Makefile. Grype and Syft link go-getter for
// downloads that basebump never asks them for, and it brings the clients of two cloud storages: a quarter of the program. This has what their
// code refers to, and downloads nothing.
package getter

import (
	"errors"
	"net/http"
	"os"
)

var errAbsent = errors.New("this program was built without go-getter and downloads nothing by it")

// Getter, ClientOption, Decompressor and the rest are declared as far as Grype and Syft refer to them.
type (
	Getter       any
	ClientOption func(*Client) error
	Decompressor interface {
		Decompress(dst, src string, dir bool, umask os.FileMode) error
	}
	ProgressTracker any

	HttpGetter struct {
		Client *http.Client
		Header http.Header
	}
	FileGetter struct{}
	GitGetter  struct{}
	GCSGetter  struct{}
	HgGetter   struct{}
	S3Getter   struct{}

	Client struct {
		Src, Dst string
		Dir      bool
		Getters  map[string]Getter
		Options  []ClientOption
	}
)

// Decompressors is empty: there is nothing to decompress.
var Decompressors = map[string]Decompressor{}

// LimitedDecompressors returns an empty set, for the caller to add to.
func LimitedDecompressors(int, int64) map[string]Decompressor { return map[string]Decompressor{} }

func WithDecompressors(map[string]Decompressor) ClientOption { return nothing }

func WithProgress(ProgressTracker) ClientOption { return nothing }

func nothing(*Client) error { return nil }

// Get always fails.
func (*Client) Get() error { return errAbsent }
