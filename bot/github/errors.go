package github

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"

	gh "github.com/google/go-github/v60/github"

	"github.com/basebump/basebump/config/fault"
)

// maxMessage bounds what of GitHub's words goes into an error, in runes.
const maxMessage = 500

// failed says what was being done to what when err happened, and how to go on. It is the one place where GitHub's errors are read.
func failed(op, target string, err error) error {
	f := &fault.Error{Op: op, Target: target, Class: fault.Retry, Err: err}
	if inner, ok := errors.AsType[*fault.Error](err); ok {
		f.Class, f.At, f.Err = inner.Class, inner.At, inner
		return f
	}
	if answer, ok := errors.AsType[*gh.ErrorResponse](err); ok {
		f.Err = &refusal{clean(answer)}
		f.Class, f.Hint = classify(answer.Response.StatusCode)
		return f
	}
	if errors.Is(err, context.Canceled) {
		f.Class = fault.Unknown
	}
	return f
}

func classify(status int) (class fault.Class, hint string) {
	switch {
	case status == http.StatusUnauthorized:
		return fault.Auth, "check github.app_id and its private key, or the token, and this machine's clock"
	case status == http.StatusForbidden:
		return fault.Auth, "check the permissions of the App or token, and that the installation has accepted them"
	case status == http.StatusNotFound, status == http.StatusGone:
		return fault.NotFound, "check that it exists and that the App or token may see it"
	case status == http.StatusConflict, status == http.StatusRequestTimeout, status >= http.StatusInternalServerError:
		return fault.Retry, ""
	}
	return fault.Permanent, ""
}

// refusal is GitHub's answer in one line.
type refusal struct{ answer *gh.ErrorResponse }

func (r *refusal) Unwrap() error { return r.answer }

func (r *refusal) Error() string {
	text := fmt.Sprintf("GitHub answered %d", r.answer.Response.StatusCode)
	if r.answer.Message != "" {
		text += " " + oneLine(r.answer.Message)
	}
	var details []string
	for _, detail := range r.answer.Errors {
		said := cmp.Or(detail.Message, strings.TrimSpace(detail.Resource+" "+detail.Field+" "+detail.Code))
		details = append(details, oneLine(said))
	}
	if len(details) > 0 {
		text += " (" + strings.Join(details, "; ") + ")"
	}
	return cut(text)
}

// oneLine takes out what could break a log line or a terminal.
func oneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(clean), " ")
}

func cut(text string) string {
	if runes := []rune(text); len(runes) > maxMessage {
		return string(runes[:maxMessage]) + "…"
	}
	return text
}

// credentials has the shapes of GitHub's tokens and of an App's JWT.
var credentials = regexp.MustCompile(`gh[a-z]_[A-Za-z0-9_]+|github_pat_[A-Za-z0-9_]+|eyJ[\w-]+\.[\w-]+\.[\w-]+`)

// clean is an answer without credentials, also for who looks at what an error wraps.
func clean(answer *gh.ErrorResponse) *gh.ErrorResponse {
	out := &gh.ErrorResponse{Response: answer.Response, Message: redact(answer.Message), DocumentationURL: redact(answer.DocumentationURL)}
	for _, detail := range answer.Errors {
		out.Errors = append(out.Errors, gh.Error{
			Resource: redact(detail.Resource), Field: redact(detail.Field), Code: redact(detail.Code), Message: redact(detail.Message),
		})
	}
	return out
}

func redact(text string) string { return credentials.ReplaceAllString(text, "[redacted]") }

// status returns the status that GitHub answered with, 0 when there was no answer.
func status(err error) int {
	if answer, ok := errors.AsType[*gh.ErrorResponse](err); ok {
		return answer.Response.StatusCode
	}
	return 0
}
