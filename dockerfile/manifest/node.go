package manifest

import (
	"iter"

	"go.yaml.in/yaml/v3"
)

// resolve follows an alias to its anchor.
func resolve(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// entries are the keys and values of a mapping, in order.
func entries(node *yaml.Node) iter.Seq2[string, *yaml.Node] {
	return func(yield func(string, *yaml.Node) bool) {
		if node = resolve(node); node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i].Value, resolve(node.Content[i+1])) {
				return
			}
		}
	}
}

// items are the elements of a sequence.
func items(node *yaml.Node) iter.Seq[*yaml.Node] {
	return func(yield func(*yaml.Node) bool) {
		if node = resolve(node); node == nil || node.Kind != yaml.SequenceNode {
			return
		}
		for _, item := range node.Content {
			if !yield(resolve(item)) {
				return
			}
		}
	}
}

// children are the elements of a sequence, or the values of a mapping.
func children(node *yaml.Node) iter.Seq[*yaml.Node] {
	return func(yield func(*yaml.Node) bool) {
		for _, value := range entries(node) {
			if !yield(value) {
				return
			}
		}
		items(node)(yield)
	}
}

// get walks down the keys of mappings; nil when there is no such value.
func get(node *yaml.Node, keys ...string) *yaml.Node {
	for _, want := range keys {
		var found *yaml.Node
		for key, value := range entries(node) {
			if key == want {
				found = value
			}
		}
		node = found
	}
	return resolve(node)
}

// text is a scalar's value; empty for anything else, and for null.
func text(node *yaml.Node) string {
	if !isScalar(node) || node.Tag == "!!null" {
		return ""
	}
	return node.Value
}

func isScalar(node *yaml.Node) bool {
	return node != nil && node.Kind == yaml.ScalarNode
}

func isMapping(node *yaml.Node) bool {
	return node != nil && node.Kind == yaml.MappingNode
}

// walk visits every mapping under a node once, outer ones first, whatever aliases lead to it.
func walk(node *yaml.Node, visit func(mapping *yaml.Node)) {
	seen := map[*yaml.Node]bool{}
	var down func(*yaml.Node)
	down = func(node *yaml.Node) {
		if node == nil || isScalar(node) || seen[node] {
			return
		}
		seen[node] = true
		if isMapping(node) {
			visit(node)
		}
		for child := range children(node) {
			down(child)
		}
	}
	down(resolve(node))
}
