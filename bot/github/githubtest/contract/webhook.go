package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// Webhooks stands before a webhook receiver and fails the test for every payload that GitHub's description does not allow.
func Webhooks(t testing.TB, next http.Handler) http.Handler {
	document := must(t, webhooks)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("contract: read a webhook: %v", err)
			return
		}
		if err := checkPayload(document.Components.Schemas, r.Header.Get("X-GitHub-Event"), body); err != nil {
			t.Errorf("contract: webhook %s breaks GitHub's description: %v\n%s", r.Header.Get("X-GitHub-Event"), err, excerpt(body))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// checkPayload checks a payload by the schema of its event and action.
func checkPayload(schemas openapi3.Schemas, event string, body []byte) error {
	var payload map[string]any
	if err := json.Unmarshal(body, &payload); err != nil {
		return err
	}
	name := "webhook-" + event
	if action, ok := payload["action"].(string); ok {
		name += "-" + action
	}
	schema, ok := schemas[strings.ReplaceAll(name, "_", "-")]
	if !ok {
		return errors.New("there is no such event")
	}
	return schema.Value.VisitJSON(payload, openapi3.MultiErrors(), openapi3.SetSchemaErrorMessageCustomizer(inShort))
}
