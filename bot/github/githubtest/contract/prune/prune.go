package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// events are the webhooks that githubtest sends.
var events = []string{
	"check-run/", "check-suite/", "deployment-status/", "installation/", "installation-repositories/", "issue-comment/", "issues/", "ping",
	"pull-request/", "push", "repository/", "status",
}

// prune returns the description of the operations and events alone, without prose, and with the allowances of widen.
func prune(full object, operations []string) (object, error) {
	paths, err := pick(full["paths"].(object), operations)
	if err != nil {
		return nil, err
	}
	out := object{
		"openapi": full["openapi"],
		"info":    object{"title": "GitHub, as far as basebump uses it", "version": full["info"].(object)["version"]},
		"paths":   paths,
	}
	out["x-webhooks"] = webhooks(full["x-webhooks"].(object))
	strip(out)
	out["components"] = closure(full["components"].(object), out)
	widen(out)
	return out, nil
}

// pick takes the operations out of the paths. A parameter that may hold slashes gets a pattern that the router understands.
func pick(paths object, operations []string) (object, error) {
	picked := object{}
	for _, operation := range operations {
		method, path, _ := strings.Cut(operation, " ")
		documented := strings.ReplaceAll(path, "...}", "}")
		item, _ := paths[documented].(object)
		described, ok := item[strings.ToLower(method)].(object)
		if !ok {
			return nil, fmt.Errorf("GitHub does not document %s %s", method, documented)
		}
		path = strings.ReplaceAll(path, "...}", ":.+}")
		if picked[path] == nil {
			picked[path] = object{}
		}
		picked[path].(object)[strings.ToLower(method)] = keep(described, "operationId", "parameters", "requestBody", "responses")
	}
	return picked, nil
}

// webhooks maps an event and its action, such as pull-request/opened, to the schema of the payload.
func webhooks(full object) object {
	out := object{}
	for _, entry := range full {
		post := entry.(object)["post"].(object)
		id := post["operationId"].(string)
		known := slices.ContainsFunc(events, func(event string) bool {
			return id == event || strings.HasSuffix(event, "/") && strings.HasPrefix(id, event)
		})
		if !known {
			continue
		}
		media := post["requestBody"].(object)["content"].(object)["application/json"].(object)
		out[id] = media["schema"]
	}
	return out
}

func keep(from object, names ...string) object {
	out := object{}
	for _, name := range names {
		if value, ok := from[name]; ok {
			out[name] = value
		}
	}
	return out
}

// named are the keywords whose keys are names of the document's own, not keywords.
var named = []string{"properties", "schemas", "responses", "parameters", "headers", "paths", "content", "x-webhooks"}

// strip takes examples and prose away, in place.
func strip(node any) {
	switch node := node.(type) {
	case object:
		maps.DeleteFunc(node, func(name string, value any) bool {
			_, text := value.(string)
			return name == "example" || name == "examples" || name == "externalDocs" || name == "tags" || name == "deprecated" ||
				(name == "title" || name == "summary" || name == "description") && text && node["openapi"] == nil && node["version"] == nil ||
				strings.HasPrefix(name, "x-") && name != "x-webhooks"
		})
		for name, value := range node {
			if names, ok := value.(object); ok && slices.Contains(named, name) {
				for _, inner := range names {
					strip(inner)
				}
				continue
			}
			strip(value)
		}
	case []any:
		for _, value := range node {
			strip(value)
		}
	}
}

// closure returns the components that a document needs, stripped.
func closure(components object, document any) object {
	out := object{}
	pending := references(document, nil)
	for len(pending) > 0 {
		parts := strings.Split(pending[0], "/") // #/components/schemas/name
		pending = pending[1:]
		kind, name := parts[2], parts[3]
		if out[kind] == nil {
			out[kind] = object{}
		}
		if out[kind].(object)[name] != nil {
			continue
		}
		value := components[kind].(object)[name]
		strip(value)
		out[kind].(object)[name] = value
		pending = references(value, pending)
	}
	return out
}

func references(node any, found []string) []string {
	switch node := node.(type) {
	case object:
		if ref, ok := node["$ref"].(string); ok {
			found = append(found, ref)
		}
		for _, value := range node {
			found = references(value, found)
		}
	case []any:
		for _, value := range node {
			found = references(value, found)
		}
	}
	return found
}
