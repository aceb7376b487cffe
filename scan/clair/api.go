package clair

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/assemble"
)

const (
	maxAnswer  = 64 << 20
	maxProblem = 64 << 10
)

// api speaks Clair's HTTP interface, version 1.
type api struct {
	base   *url.URL
	http   *http.Client
	key    []byte
	issuer string
	now    func() time.Time
}

// index has Clair read an image's layers, unless it has done so in its present state.
func (a *api) index(ctx context.Context, image manifest) error {
	var report struct {
		State   string `json:"state"`
		Success bool   `json:"success"`
		Err     string `json:"err"`
	}
	if err := a.call(ctx, http.MethodPost, "indexer/api/v1/index_report", nil, image, &report); err != nil {
		return fmt.Errorf("have Clair index the image: %w", err)
	}
	if !report.Success || report.State != "IndexFinished" {
		return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("have Clair index the image: it ended as %q: %s", report.State, report.Err)}
	}
	return nil
}

func (a *api) report(ctx context.Context, hash string) (*vulnerabilityReport, error) {
	report := &vulnerabilityReport{}
	if err := a.call(ctx, http.MethodGet, "matcher/api/v1/vulnerability_report/"+hash, nil, nil, report); err != nil {
		return nil, fmt.Errorf("read Clair's report: %w", err)
	}
	if report.Hash != hash {
		return nil, assemble.Permanent("read Clair's report: it is about %q", report.Hash)
	}
	return report, nil
}

func (a *api) state(ctx context.Context) (string, error) {
	var answer struct {
		State string `json:"state"`
	}
	if err := a.call(ctx, http.MethodGet, "indexer/api/v1/index_state", nil, nil, &answer); err != nil {
		return "", fmt.Errorf("ask Clair for its state: %w", err)
	}
	return answer.State, nil
}

// updates returns the newest update of each of Clair's updaters.
func (a *api) updates(ctx context.Context) (updates, error) {
	var answer updates
	query := url.Values{"latest": {"true"}, "kind": {"vulnerability"}}
	if err := a.call(ctx, http.MethodGet, "matcher/api/v1/internal/update_operation", query, nil, &answer); err != nil {
		return nil, fmt.Errorf("ask Clair for its updates: %w", err)
	}
	return answer, nil
}

// call sends one request and decodes its answer.
func (a *api) call(ctx context.Context, method, path string, query url.Values, body, answer any) error {
	return a.do(ctx, method, path, query, body, func(content io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(content, maxAnswer+1))
		switch {
		case err != nil:
			return unreachable(err)
		case len(data) > maxAnswer:
			return assemble.Permanent("Clair's answer is larger than %d MiB", maxAnswer>>20)
		}
		if err := json.Unmarshal(data, answer); err != nil {
			return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("decode Clair's answer: %w", err)}
		}
		return nil
	})
}

// do sends one request and hands over the answer's content if it is there.
func (a *api) do(ctx context.Context, method, path string, query url.Values, body any, read func(io.Reader) error) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	at := a.base.JoinPath(path)
	at.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	if err := a.authorize(req); err != nil {
		return err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		return a.refused(resp)
	}
	return read(resp.Body)
}

func unreachable(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // the rest repeats the address
	}
	return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("reach Clair: %w", err)}
}

// refused explains an answer that is not what was asked for. A 202 has no content and stands for data that are not there yet.
func (a *api) refused(resp *http.Response) error {
	if resp.StatusCode == http.StatusAccepted {
		return errNotReady
	}
	var problem struct {
		Message string `json:"message"`
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxProblem))
	if err == nil {
		err = json.Unmarshal(text, &problem)
	}
	if err != nil || problem.Message == "" {
		problem.Message = http.StatusText(resp.StatusCode)
	}
	failed := &fault.Error{Class: fault.Retry, Err: fmt.Errorf("it answered %d: %s", resp.StatusCode, problem.Message)}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		failed.Class, failed.Hint = fault.Auth, "give Clair's pre-shared key and its issuer under `scanners`"
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType:
		failed.Class = fault.Permanent
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			failed.At = a.now().Add(time.Duration(seconds) * time.Second)
		}
	}
	return failed
}
