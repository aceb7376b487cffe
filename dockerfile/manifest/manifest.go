// Package manifest finds image references in every kind of file, and changes them.
//
// Each kind is one file of this package and one line of Kinds. Like package dockerfile, whose types it speaks, it reads no file
// system and no network, and it changes bytes only through dockerfile.Apply.
package manifest

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/basebump/basebump/dockerfile"
)

// MaxSize is how many bytes a file may have to be read.
const MaxSize = 5 << 20

// MayHold is Set.MayHold for this package's own kinds.
func MayHold(path string, size int64) bool { return Set{}.MayHold(path, size) }

// TooLarge is Set.TooLarge for this package's own kinds.
func TooLarge(path string, size int64) (dockerfile.Skipped, bool) { return Set{}.TooLarge(path, size) }

// Extract is Set.Extract for this package's own kinds and a file that stands alone.
func Extract(path string, data []byte) dockerfile.Extraction { return Set{}.Extract(path, data, nil) }

// hints looks for words, of which every path that an expression matches has one, whatever its case: most files have none, and are
// spared the expression.
func hints(path string, words ...string) bool {
	path = strings.ToLower(path)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(path, word) })
}

func isYAML(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

func isJSON(name string) bool {
	return strings.EqualFold(path.Ext(name), ".json")
}

// isYAMLOrJSON leaves out the files of JSON that every project of some tool has, and that are never manifests.
func isYAMLOrJSON(name string) bool {
	return isYAML(name) || isJSON(name) && !toolConfig.MatchString(path.Base(name))
}

var toolConfig = regexp.MustCompile(`(?i)^(package(-lock)?|npm-shrinkwrap|composer|tsconfig.*|jsconfig|angular|nx|lerna|turbo|deno|biome|renovate|tslint|cspell|.*\.schema|.*\.min|\..*)\.json$`)
