package trivy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/assemble"
)

const maxVersion = 64 << 10

// askServer returns the version of the server's program and its database.
func (s *Scanner) askServer(ctx context.Context) (string, metadata, error) {
	at, err := url.JoinPath(s.options.Server, "version")
	if err != nil {
		return "", metadata{}, assemble.Permanent("read the Trivy server's address: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return "", metadata{}, assemble.Permanent("read the Trivy server's address: %w", err)
	}
	resp, err := s.options.HTTP.Do(req)
	if err != nil {
		return "", metadata{}, unreachable(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", metadata{}, unreachable(fmt.Errorf("it answered %s", resp.Status))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxVersion))
	if err != nil {
		return "", metadata{}, unreachable(err)
	}
	var answer struct {
		Version         string
		VulnerabilityDB *metadata
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return "", metadata{}, unreachable(fmt.Errorf("decode its answer: %w", err))
	}
	if answer.VulnerabilityDB == nil {
		return "", metadata{}, &fault.Error{
			Class: fault.Retry, Err: errors.New("the Trivy server has no vulnerability database yet"), Hint: "see whether it can fetch one",
		}
	}
	return answer.Version, *answer.VulnerabilityDB, nil
}

func unreachable(err error) error {
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err
	}
	return &fault.Error{Class: fault.Retry, Err: fmt.Errorf("ask the Trivy server for its database: %w", err)}
}
