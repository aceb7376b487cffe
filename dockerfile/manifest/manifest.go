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

// Kind is one kind of file that names images.
type Kind struct {
	Name string

	match func(path string) bool    // by name alone: may a file of this path be of this kind?
	holds func(file *Document) bool // by content: is it? nil when the name decides
	read  func(r *reader)           // gathers the references
	alone bool                      // a file of this kind is of no other
}

// Kinds is the table of all kinds: first those that have a file to themselves, then those that may share one. A place that
// several kinds find belongs to the first of them.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{
	{Name: dockerfile.Kind, match: isDockerfile, read: readDockerfile, alone: true},
	{Name: "github-actions", match: isWorkflow, read: readWorkflow, alone: true},
	{Name: "circleci", match: isCircleCI, read: readCircleCI, alone: true},
	{Name: "drone", match: isDrone, read: readDrone, alone: true},
	{Name: "woodpecker", match: isWoodpecker, read: readWoodpecker, alone: true},
	{Name: "bitbucket", match: isBitbucket, read: readBitbucket, alone: true},
	{Name: "azure", match: isAzure, read: readAzure, alone: true},
	{Name: "cloudbuild", match: isCloudBuild, read: readCloudBuild, alone: true},
	{Name: "jenkins", match: isJenkinsfile, read: readJenkinsfile, alone: true},
	{Name: "devcontainer", match: isDevcontainer, read: readDevcontainer, alone: true},
	{Name: "bake", match: isBake, read: readBake, alone: true},
	{Name: "nomad", match: isNomad, holds: holdsNomad, read: readNomad, alone: true},
	{Name: "tilt", match: isTiltfile, read: readTiltfile, alone: true},
	{Name: "earthfile", match: isEarthfile, read: readEarthfile, alone: true},
	{Name: "quadlet", match: isQuadlet, holds: holdsQuadlet, read: readQuadlet, alone: true},
	{Name: "buildpacks", match: isBuildpacks, read: readBuildpacks, alone: true},
	{Name: "terraform", match: isTerraform, read: readTerraform, alone: true},
	{Name: "bazel", match: isBazel, holds: holdsBazel, read: readBazel, alone: true},
	{Name: "helm", match: isHelmChart, read: readHelmChart, alone: true},
	{Name: "helm", match: isHelmTemplate, holds: holdsHelmTemplate, read: readHelmTemplate, alone: true},

	{Name: "gitlab-ci", match: isYAML, holds: isGitLab, read: readGitLab},
	{Name: "compose", match: isYAML, holds: isCompose, read: readCompose},
	{Name: "ansible", match: isYAML, holds: isAnsible, read: readAnsible},
	{Name: "kustomize", match: isYAML, holds: isKustomize, read: readKustomize},
	{Name: "helm", match: isYAML, holds: isHelmValues, read: readHelmValues},
	{Name: "argocd", match: isYAMLOrJSON, holds: isObject, read: readArgoCD},
	{Name: "argo-workflows", match: isYAMLOrJSON, holds: isObject, read: readObjects},
	{Name: "flux", match: isYAMLOrJSON, holds: isObject, read: readFlux},
	{Name: "tekton", match: isYAMLOrJSON, holds: isObject, read: readTekton},
	{Name: "crossplane", match: isYAMLOrJSON, holds: isObject, read: readCrossplane},
	{Name: "knative", match: isYAMLOrJSON, holds: isObject, read: readObjects},
	{Name: "skaffold", match: isYAML, holds: isObject, read: readSkaffold},
	{Name: "kubernetes", match: isYAMLOrJSON, holds: isObject, read: readObjects},
}

// MayHold is Set.MayHold for this package's own kinds.
func MayHold(path string, size int64) bool { return Set{}.MayHold(path, size) }

// TooLarge is Set.TooLarge for this package's own kinds.
func TooLarge(path string, size int64) (dockerfile.Skipped, bool) { return Set{}.TooLarge(path, size) }

// Extract is Set.Extract for this package's own kinds.
func Extract(path string, data []byte) dockerfile.Extraction { return Set{}.Extract(path, data) }

// Rewrite is Set.Rewrite for this package's own kinds.
func Rewrite(path string, data []byte, moves []dockerfile.Move) (out []byte, rejected []dockerfile.Rejected, err error) {
	return Set{}.Rewrite(path, data, moves)
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
