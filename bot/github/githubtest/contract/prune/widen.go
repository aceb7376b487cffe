package main

import (
	"maps"
	"strings"
)

// refusals may answer any operation; the description lists them for few.
var refusals = []string{"400", "401", "403", "404", "422", "429"}

// widen allows what GitHub does though its description does not say so. This is the whole list.
func widen(document object) {
	paths := document["paths"].(object)
	for _, item := range paths {
		for _, operation := range item.(object) {
			responses := operation.(object)["responses"].(object)
			for _, status := range refusals {
				if responses[status] == nil {
					responses[status] = refusal()
				}
			}
			for status, response := range responses {
				if strings.HasPrefix(status, "4") {
					widenRefusal(response.(object))
				}
			}
		}
	}
	widenBodies(paths)
	widenAccount(paths)
}

// refusal is any answer with a message.
func refusal() object {
	return object{"description": "", "content": object{"application/json": object{"schema": object{
		"type": "object", "required": []any{"message"}, "properties": object{"message": object{"type": "string"}},
	}}}}
}

// widenRefusal lets a plain refusal pass where the description wants exactly one of two kinds, and it is both.
func widenRefusal(response object) {
	content, _ := response["content"].(object)
	media, ok := content["application/json"].(object)
	if !ok {
		return
	}
	if schema := media["schema"].(object); schema["oneOf"] != nil {
		schema["anyOf"] = schema["oneOf"]
		delete(schema, "oneOf")
	}
}

// widenBodies lets go-github's bare array of labels and ghinstallation's null pass: GitHub takes both.
func widenBodies(paths object) {
	names := object{"type": "array", "items": object{"type": "string"}}
	for method := range maps.Keys(paths["/repos/{owner}/{repo}/issues/{issue_number}/labels"].(object)) {
		if schema := bodySchema(paths, "/repos/{owner}/{repo}/issues/{issue_number}/labels", method); schema != nil {
			schema["oneOf"] = append(schema["oneOf"].([]any), names)
		}
	}
	bodySchema(paths, "/app/installations/{installation_id}/access_tokens", "post")["nullable"] = true
}

// widenAccount takes back that in the list of installations an account is a person and an enterprise at once: it is either, as it is
// in a single installation.
func widenAccount(paths object) {
	list := paths["/app/installations"].(object)["get"].(object)["responses"].(object)["200"].(object)
	schema := list["content"].(object)["application/json"].(object)["schema"].(object)
	account := schema["items"].(object)["properties"].(object)["account"].(object)
	account["anyOf"] = account["allOf"]
	delete(account, "allOf")
}

func bodySchema(paths object, path, method string) object {
	body, ok := paths[path].(object)[method].(object)["requestBody"].(object)
	if !ok {
		return nil
	}
	return body["content"].(object)["application/json"].(object)["schema"].(object)
}
