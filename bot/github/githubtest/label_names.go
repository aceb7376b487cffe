package githubtest

import (
	"bytes"
	"encoding/json"
)

// labelNames is either {"labels": ["a", {"name": "b"}]} or the bare array.
type labelNames []string

func (n *labelNames) UnmarshalJSON(data []byte) error {
	list := json.RawMessage(data)
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		var wrapped struct {
			Labels json.RawMessage `json:"labels"`
		}
		if err := json.Unmarshal(data, &wrapped); err != nil {
			return err
		}
		list = wrapped.Labels
	}
	if len(list) == 0 {
		return nil
	}
	var names []labelName
	if err := json.Unmarshal(list, &names); err != nil {
		return err
	}
	for _, name := range names {
		*n = append(*n, string(name))
	}
	return nil
}

// labelName is a string, or an object with a name.
type labelName string

func (n *labelName) UnmarshalJSON(data []byte) error {
	var wrapped struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(data, &wrapped); err == nil {
		*n = labelName(wrapped.Name)
		return nil
	}
	return json.Unmarshal(data, (*string)(n))
}
