package imports

import (
	"errors"
	"iter"

	"go.yaml.in/yaml/v3"
)

// plain returns a copy of a YAML tree with its aliases written out, unless that grows without bounds.
func plain(root *yaml.Node) (*yaml.Node, error) {
	left := maxNodes
	return unalias(root, &left, 0)
}

func unalias(node *yaml.Node, left *int, depth int) (*yaml.Node, error) {
	if *left--; *left < 0 || depth > maxDepth {
		return nil, errors.New("it holds too many values, or is nested too deep")
	}
	if node.Kind == yaml.AliasNode {
		return unalias(node.Alias, left, depth+1)
	}
	own := *node
	own.Content = make([]*yaml.Node, len(node.Content))
	for i, child := range node.Content {
		var err error
		if own.Content[i], err = unalias(child, left, depth+1); err != nil {
			return nil, err
		}
	}
	return &own, nil
}

// pairs walks the keys of a mapping and their values; anything else has none.
func pairs(node *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		if node == nil || node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], node.Content[i+1]) {
				return
			}
		}
	}
}

// get returns the value of a key, nil when there is none.
func get(node *yaml.Node, name string) *yaml.Node {
	var found *yaml.Node
	for key, value := range pairs(node) {
		if key.Value == name {
			found = value
		}
	}
	return found
}

// texts returns the scalars of a list, or the one scalar that stands in its place.
func texts(node *yaml.Node) []*yaml.Node {
	switch {
	case node == nil || node.ShortTag() == "!!null":
		return nil
	case node.Kind == yaml.ScalarNode:
		return []*yaml.Node{node}
	case node.Kind != yaml.SequenceNode:
		return nil
	}
	var list []*yaml.Node
	for _, item := range node.Content {
		if item.Kind == yaml.ScalarNode {
			list = append(list, item)
		}
	}
	return list
}

// words is the same as strings.
func words(node *yaml.Node) []string {
	var list []string
	for _, item := range texts(node) {
		list = append(list, item.Value)
	}
	return list
}

func is(node *yaml.Node, value string) bool {
	return node != nil && node.Kind == yaml.ScalarNode && node.Value == value
}
