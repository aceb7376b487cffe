package manifest

import (
	"slices"

	"github.com/basebump/basebump/dockerfile"
)

// Kind is one kind of file that names images.
type Kind struct {
	Name  string
	Files string // which files are of the kind, in Markdown, for people

	match func(path string) bool    // by name alone: may a file of this path be of this kind?
	holds func(file *Document) bool // by content: is it? nil when the name decides
	read  func(r *reader)           // gathers the references
	alone bool                      // a file of this kind is of no other
}

// Kinds is the table of all kinds: first those that have a file to themselves, then those that may share one. A place that
// several kinds find belongs to the first of them.
func Kinds() []Kind { return slices.Clone(kinds) }

var kinds = []Kind{
	{
		Name: dockerfile.Kind, Files: "`Dockerfile`, `Containerfile`, with any prefix or suffix, in any case",
		match: isDockerfile, read: readDockerfile, alone: true,
	},
	{
		Name: "github-actions", Files: "`.github/workflows`, `.github/actions`, the same of Gitea and Forgejo, `action.yml`",
		match: isWorkflow, read: readWorkflow, alone: true,
	},
	{
		Name: "circleci", Files: "`.circleci/*.yml`",
		match: isCircleCI, read: readCircleCI, alone: true,
	},
	{
		Name: "drone", Files: "`.drone.yml`",
		match: isDrone, read: readDrone, alone: true,
	},
	{
		Name: "woodpecker", Files: "`.woodpecker.yml`, `.woodpecker/*.yml`, `.crow/*.yml`",
		match: isWoodpecker, read: readWoodpecker, alone: true,
	},
	{
		Name: "bitbucket", Files: "`bitbucket-pipelines.yml`",
		match: isBitbucket, read: readBitbucket, alone: true,
	},
	{
		Name: "azure", Files: "`azure-pipelines*.yml`, `.azure-pipelines/`, `.azuredevops/`, `.pipelines/`",
		match: isAzure, read: readAzure, alone: true,
	},
	{
		Name: "cloudbuild", Files: "`cloudbuild*.yaml`, `cloudbuild*.json`",
		match: isCloudBuild, read: readCloudBuild, alone: true,
	},
	{
		Name: "jenkins", Files: "`Jenkinsfile`, with any prefix or suffix",
		match: isJenkinsfile, read: readJenkinsfile, alone: true,
	},
	{
		Name: "devcontainer", Files: "`.devcontainer.json`, `.devcontainer/devcontainer.json`",
		match: isDevcontainer, read: readDevcontainer, alone: true,
	},
	{
		Name: "bake", Files: "`docker-bake.hcl`, `docker-bake.json`, `bake.hcl`",
		match: isBake, read: readBake, alone: true,
	},
	{
		Name: "nomad", Files: "`*.nomad`, `*.hcl` with a job",
		match: isNomad, holds: holdsNomad, read: readNomad, alone: true,
	},
	{
		Name: "tilt", Files: "`Tiltfile`",
		match: isTiltfile, read: readTiltfile, alone: true,
	},
	{
		Name: "earthfile", Files: "`Earthfile`",
		match: isEarthfile, read: readEarthfile, alone: true,
	},
	{
		Name: "quadlet", Files: "`*.container`, `*.image`, `*.volume`",
		match: isQuadlet, holds: holdsQuadlet, read: readQuadlet, alone: true,
	},
	{
		Name: "buildpacks", Files: "`project.toml`, `builder.toml`, `package.toml`",
		match: isBuildpacks, holds: holdsBuildpacks, read: readBuildpacks, alone: true,
	},
	{
		Name: "terraform", Files: "`*.tf`, `*.tofu`",
		match: isTerraform, read: readTerraform, alone: true,
	},
	{
		Name: "bazel", Files: "`MODULE.bazel`, `WORKSPACE`, `*.bzl`",
		match: isBazel, holds: holdsBazel, read: readBazel, alone: true,
	},
	{
		Name: "helm", Files: "`Chart.yaml`",
		match: isHelmChart, read: readHelmChart, alone: true,
	},
	{
		Name: "helm", Files: "`templates/*.yaml`, `templates/*.tpl`",
		match: isHelmTemplate, holds: holdsHelmTemplate, read: readHelmTemplate, alone: true,
	},

	{
		Name: "gitlab-ci", Files: "`.gitlab-ci.yml`, `.gitlab/`, and any YAML with jobs that have a script and an image",
		match: isYAML, holds: isGitLab, read: readGitLab,
	},
	{
		Name: "compose", Files: "`compose.yaml`, `docker-compose*.yml`, any YAML with services at its top, and what these include or extend; with the `.env` beside them",
		match: isYAML, holds: isCompose, read: readCompose,
	},
	{
		Name: "ansible", Files: "any YAML with a Docker or Podman module",
		match: isYAML, holds: isAnsible, read: readAnsible,
	},
	{
		Name: "kustomize", Files: "`kustomization.yaml`, and components under any name",
		match: isYAML, holds: isKustomize, read: readKustomize,
	},
	{
		Name: "helm", Files: "`values*.yaml`, and any YAML with the shape of a chart's values",
		match: isYAML, holds: isHelmValues, read: readHelmValues,
	},
	{
		Name: "argocd", Files: "Applications and ApplicationSets, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("argoproj.io/"), read: readArgoCD,
	},
	{
		Name: "argo-workflows", Files: "Argo Workflows' objects, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("argoproj.io/"), read: readArgoWorkflows,
	},
	{
		Name: "flux", Files: "Flux's objects, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("fluxcd.io/"), read: readFlux,
	},
	{
		Name: "tekton", Files: "Tekton's objects, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("tekton.dev/"), read: readTekton,
	},
	{
		Name: "crossplane", Files: "Crossplane's packages, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("crossplane.io/"), read: readCrossplane,
	},
	{
		Name: "knative", Files: "Knative's objects, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectOf("knative.dev/"), read: readObjects,
	},
	{
		Name: "skaffold", Files: "Skaffold's configuration, in any YAML",
		match: isYAML, holds: isObjectOf("skaffold/"), read: readSkaffold,
	},
	{
		Name: "kubernetes", Files: "any other Kubernetes object, in any YAML or JSON",
		match: isYAMLOrJSON, holds: isObjectWithImage, read: readObjects,
	},
}
