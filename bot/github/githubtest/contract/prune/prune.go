package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// events are the webhooks that githubtest sends, by event and action.
var events = []string{
	"check-run/completed", "check-run/created", "check-run/requested-action", "check-run/rerequested",
	"check-suite/completed", "check-suite/requested",
	"deployment-status/created",
	"installation/created", "installation/deleted", "installation/new-permissions-accepted", "installation/suspend", "installation/unsuspend",
	"installation-repositories/added", "installation-repositories/removed",
	"issue-comment/created", "issue-comment/deleted", "issue-comment/edited",
	"issues/assigned", "issues/closed", "issues/edited", "issues/labeled", "issues/locked", "issues/opened", "issues/reopened",
	"issues/unlabeled", "issues/unlocked",
	"ping",
	"pull-request/assigned", "pull-request/closed", "pull-request/edited", "pull-request/labeled", "pull-request/locked",
	"pull-request/opened", "pull-request/reopened", "pull-request/review-requested", "pull-request/synchronize",
	"pull-request/unlabeled", "pull-request/unlocked",
	"push",
	"repository/archived", "repository/created", "repository/deleted", "repository/edited", "repository/renamed",
	"repository/transferred", "repository/unarchived",
	"status",
}

// operations returns the description of these operations alone, without prose.
func operations(full object, wanted []string) (object, error) {
	paths, err := pick(full["paths"].(object), wanted)
	if err != nil {
		return nil, err
	}
	out := header(full, "The operations that githubtest answers")
	out["paths"] = paths
	strip(paths)
	out["components"] = closure(full["components"].(object), references(paths, nil))
	for _, item := range paths {
		for _, operation := range item.(object) {
			describe(operation.(object)["responses"].(object))
		}
	}
	if shared, ok := out["components"].(object)["responses"].(object); ok {
		describe(shared)
	}
	return out, nil
}

// payloads returns the schemas of the webhooks alone, named such as webhook-pull-request-opened.
func payloads(full object) (object, error) {
	var wanted []string
	described := full["x-webhooks"].(object)
	for _, event := range events {
		entry, ok := described[strings.ReplaceAll(event, "/", "-")].(object)
		if !ok {
			return nil, fmt.Errorf("GitHub does not document the webhook %s", event)
		}
		media := entry["post"].(object)["requestBody"].(object)["content"].(object)["application/json"].(object)
		wanted = references(media["schema"], wanted)
	}
	out := header(full, "The webhooks that githubtest sends")
	out["paths"] = object{}
	out["components"] = closure(full["components"].(object), wanted)
	return out, nil
}

// describe gives back the description that every response must have.
func describe(responses object) {
	for _, response := range responses {
		if response.(object)["$ref"] == nil {
			response.(object)["description"] = ""
		}
	}
}

func header(full object, title string) object {
	return object{"openapi": full["openapi"], "info": object{"title": title, "version": full["info"].(object)["version"]}}
}

// slashes is the pattern of a parameter that may hold them. The router tries paths with fewer closing braces first; the one in here
// puts commits/{ref} behind commits/{commit_sha}/pulls.
const slashes = ":.{1,}}"

// pick takes the operations out of the paths.
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
		path = strings.ReplaceAll(path, "...}", slashes)
		if picked[path] == nil {
			picked[path] = object{}
		}
		picked[path].(object)[strings.ToLower(method)] = keep(described, "operationId", "parameters", "requestBody", "responses")
	}
	return picked, nil
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
var named = []string{"properties", "schemas", "responses", "parameters", "headers", "content"}

// strip takes examples and prose away, in place.
func strip(node any) {
	switch node := node.(type) {
	case object:
		maps.DeleteFunc(node, func(name string, value any) bool {
			_, text := value.(string)
			return name == "example" || name == "examples" || name == "externalDocs" || name == "tags" || name == "deprecated" ||
				(name == "title" || name == "summary" || name == "description") && text || strings.HasPrefix(name, "x-")
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

// closure returns the components that the references need, stripped.
func closure(components object, pending []string) object {
	out := object{}
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
