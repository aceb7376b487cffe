package imports

import (
	"path"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Covers says whether one of the others' files makes its updater look after images, and on which line; a file that cannot be read does
// not count.
func Covers(source Source) (updater string, line int, ok bool) {
	root, err := source.parse()
	if err != nil || root == nil {
		return "", 0, false
	}
	if isDependabot(source.Path) {
		for _, update := range imageUpdates(root) {
			if limit := get(update, "open-pull-requests-limit"); !is(limit, "0") {
				return "Dependabot", update.Line, true
			}
		}
		return "", 0, false
	}
	d := newDraft()
	d.file = path.Base(source.Path)
	d.renovate(root)
	if list := get(root, "enabledManagers"); d.off || list != nil && !slices.ContainsFunc(words(list), looksAfterImages) {
		return "", 0, false
	}
	return "Renovate", root.Line, true
}

// aside are managers for other things, in whose files an image stands by the way.
var aside = []string{"github-actions", "helmv3", "terraform", "bazel-module"}

func looksAfterImages(manager string) bool {
	_, known := managers[manager]
	return known && !slices.Contains(aside, manager)
}

// imageUpdates are the entries of Dependabot's that are about images.
func imageUpdates(root *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	list := get(root, "updates")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, update := range list.Content {
		if ecosystem := get(update, "package-ecosystem"); is(ecosystem, "docker") || is(ecosystem, "docker-compose") {
			found = append(found, update)
		}
	}
	return found
}
