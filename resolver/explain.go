package resolver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/basebump/basebump/config/fault"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// What a registry does not have, where it says which. Both are found by errors.Is in errors of class fault.NotFound.
var (
	ErrNoRepository = errors.New("no such repository")
	ErrNoManifest   = errors.New("no such tag or digest in the repository")
)

// verdict is what an error means: its class, and the words for it.
type verdict struct {
	class fault.Class
	kind  error // one of ours, or nil
	text  string
	hint  string
	at    time.Time
}

// explain says in one line what happened. The cause stays in the chain; what the registry wrote stays out of the text.
func explain(ctx context.Context, q question, e endpoint, err error) error {
	v := judge(ctx, q, e, err)
	return &fault.Error{
		Op: q.op, Target: q.image + q.suffix, Class: v.class, At: v.at, Hint: v.hint,
		Err: &told{v.text, v.kind, err},
	}
}

// told puts our words in front of a cause.
type told struct {
	text        string
	kind, cause error
}

func (e *told) Error() string        { return e.text }
func (e *told) Unwrap() error        { return e.cause }
func (e *told) Is(target error) bool { return e.kind != nil && e.kind == target }

func judge(ctx context.Context, q question, e endpoint, err error) verdict {
	if ctx.Err() != nil {
		return verdict{class: fault.Retry, text: context.Cause(ctx).Error()}
	}
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return verdict{class: known.Class, text: known.Error(), hint: fault.Hint(known), at: known.At}
	}
	if limited, ok := errors.AsType[*throttledError](err); ok {
		return verdict{class: fault.Retry, text: limited.Error(), hint: "will try again at " + limited.until.Format(time.TimeOnly), at: limited.until}
	}
	if answer, ok := errors.AsType[*transport.Error](err); ok {
		return judgeAnswer(q, e, answer, err)
	}
	if v, ok := judgeNetwork(e.host(), err); ok {
		return v
	}
	if failed, ok := errors.AsType[*url.Error](err); ok { // its own text would add method and URL
		return verdict{class: fault.Unknown, text: oneLine(failed.Err.Error())}
	}
	return verdict{class: fault.Permanent, text: oneLine(err.Error())}
}

func judgeAnswer(q question, e endpoint, answer *transport.Error, err error) verdict {
	text := fmt.Sprintf("%s answered %d %s", e.host(), answer.StatusCode, strings.ToLower(http.StatusText(answer.StatusCode)))
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return judgeRefusal(e, code, err)
	case code == http.StatusNotFound && hasCode(answer, transport.NameUnknownErrorCode):
		return verdict{class: fault.NotFound, kind: ErrNoRepository, text: "repository not found at " + e.host()}
	case code == http.StatusNotFound && q.missing != "" && hasCode(answer, transport.ManifestUnknownErrorCode):
		return verdict{class: fault.NotFound, kind: ErrNoManifest, text: q.missing}
	case code == http.StatusNotFound || code == http.StatusGone:
		return verdict{class: fault.NotFound, text: text}
	case code == http.StatusRequestTimeout || code >= 500:
		return verdict{class: fault.Retry, text: text}
	}
	return verdict{class: fault.Permanent, text: text}
}

func judgeRefusal(e endpoint, code int, err error) verdict {
	as := identity{who: anonymous}
	if r, ok := errors.AsType[*refusal](err); ok {
		as = r.as
	}
	v := verdict{class: fault.Auth, text: fmt.Sprintf("%s answered %d to %s", e.host(), code, as.who)}
	switch {
	case as.unreadable != nil:
		v.hint = "its credentials could not be read: " + oneLine(as.unreadable.Error())
	case as.who == anonymous:
		v.hint = "add credentials under registries"
	default:
		v.hint = "check the credentials for " + e.host()
	}
	return v
}

func hasCode(answer *transport.Error, code transport.ErrorCode) bool {
	for _, d := range answer.Errors {
		if d.Code == code {
			return true
		}
	}
	return false
}

func judgeNetwork(host string, err error) (verdict, bool) {
	if failed, ok := errors.AsType[net.Error](err); ok && failed.Timeout() {
		return verdict{class: fault.Retry, text: host + " did not answer in time"}, true
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return verdict{class: fault.Permanent, text: "no such host: " + host, hint: "check the image's name"}, true
	}
	if untrusted, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return verdict{
			class: fault.Permanent, text: "the certificate of " + host + " is not trusted: " + oneLine(untrusted.Err.Error()),
			hint: "add its authority to the system's certificates",
		}, true
	}
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return verdict{class: fault.Permanent, text: host + " speaks plain HTTP", hint: "set insecure: true for it under registries"}, true
	case errors.Is(err, syscall.ECONNREFUSED):
		return verdict{class: fault.Retry, text: host + " refused the connection"}, true
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return verdict{class: fault.Retry, text: host + " broke off its answer"}, true
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		return verdict{class: fault.Retry, text: "connect to " + host + ": " + oneLine(failed.Err.Error())}, true
	}
	return verdict{}, false
}

// oneLine bounds a text that may quote a hostile answer.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return clip(text, 300)
}
