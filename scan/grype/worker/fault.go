package worker

import (
	"context"
	"errors"
	"net/http"

	"github.com/basebump/basebump/config/fault"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// permanent marks an error that the same image or the same database gives again.
func permanent(err error) error { return &fault.Error{Class: fault.Permanent, Err: err} }

// classify gives an error from a registry its class and hint; errors that have one keep it.
func classify(err error) error {
	if err == nil || fault.ClassOf(err) != fault.Unknown {
		return err
	}
	answer, ok := errors.AsType[*transport.Error](err)
	switch {
	case !ok && errors.Is(err, context.Canceled):
		return err
	case !ok:
		return &fault.Error{Class: fault.Retry, Err: err}
	case answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden:
		return &fault.Error{Class: fault.Auth, Err: err, Hint: "add credentials under `registries`"}
	case answer.StatusCode == http.StatusNotFound:
		return &fault.Error{Class: fault.NotFound, Err: err}
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= http.StatusInternalServerError:
		return &fault.Error{Class: fault.Retry, Err: err}
	}
	return permanent(err)
}
