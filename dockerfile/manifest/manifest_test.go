package manifest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/dockerfile"
)

func TestMayHold(t *testing.T) {
	t.Parallel()
	yes := []string{
		"Dockerfile", "a/dockerfile", "DOCKERFILE", "Dockerfile.dev", "Dockerfile-dev", "Dockerfile_dev", "x.Dockerfile", "x.dockerfile", "x-Dockerfile", "Dockerfile.j2",
		"Containerfile", "Containerfile.fedora", "Dockerfile2", "compose.yaml", "a.yml", "A.YAML", "pod.json", "x.tf", "x.hcl", "Jenkinsfile", "Jenkinsfile.release", "ci.jenkinsfile",
		"Earthfile", "Tiltfile", "web.container", "project.toml", "MODULE.bazel", "WORKSPACE", "x.bzl", "charts/a/templates/_helpers.tpl", ".devcontainer/devcontainer.json",
	}
	no := []string{
		"", "README.md", "Dockerfile.md", "main.go", "dockerfile.go", "dockerfile_test.go", ".dockerignore", "Dockerfile.dockerignore", "x.Dockerfile.dockerignore",
		"dockerfiles/x", "pyproject.toml", "yaml", "x.yaml.bak", "my-dockerfile.sh", "Dockerfile.rst", "package-lock.json", "tsconfig.base.json", "web/node_modules/x/Dockerfile",
	}
	for _, path := range yes {
		if !MayHold(path, 1) {
			t.Errorf("MayHold(%q) = false", path)
		}
		if MayHold(path, MaxSize+1) || MayHold(path, 0) {
			t.Errorf("MayHold(%q) is true of an empty file, or of one that is too large", path)
		}
		if _, ok := TooLarge(path, MaxSize+1); !ok {
			t.Errorf("TooLarge(%q) is silent", path)
		}
	}
	for _, path := range no {
		if MayHold(path, 1) {
			t.Errorf("MayHold(%q) = true", path)
		}
		if _, ok := TooLarge(path, 50<<20); ok {
			t.Errorf("TooLarge(%q) speaks of a file that nobody reads", path)
		}
	}
	want := dockerfile.Skipped{File: "deploy/all.yaml", Line: 1, Kind: "kubernetes", Reason: "the file has 50 MiB; files over 5 MiB are not read"}
	if got, _ := TooLarge("deploy/all.yaml", 50<<20); got != want {
		t.Errorf("TooLarge = %+v, want %+v", got, want)
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	files := regexp.MustCompile(`\.mk$`).MatchString
	whole := Pattern{files, regexp.MustCompile(`(?m)^IMAGE\s*:?=\s*(?P<image>\S+)`)}
	parts := Pattern{files, regexp.MustCompile(`(?m)^NAME=(?P<name>\S+) TAG=(?P<tag>\S*)( DIGEST=(?P<digest>\S+))?`)}
	set := With(whole, parts)
	const file = "IMAGE := nginx:1.25\nNAME=redis TAG=7 DIGEST=" + digest + "\nNAME=busybox TAG=1\nIMAGE=$(X)\n"
	if !set.MayHold("build/x.mk", 1) || MayHold("build/x.mk", 1) {
		t.Error("the pattern's files are not those of the Set alone")
	}
	var got []string
	e := set.Extract("build/x.mk", []byte(file), nil)
	var moves []dockerfile.Move
	for _, ref := range e.References {
		got = append(got, ref.Kind+" "+ref.Image+" "+ref.Tag+" "+ref.Digest)
		moves = append(moves, dockerfile.Move{Reference: ref, Tag: "8", Digest: digest})
	}
	want := []string{"custom docker.io/library/nginx 1.25 ", "custom docker.io/library/redis 7 " + digest, "custom docker.io/library/busybox 1 "}
	if diff := cmp.Diff(want, got); diff != "" || len(e.Skipped) != 1 {
		t.Errorf("%s\n%v", diff, e.Skipped)
	}
	out, rejected, err := rewrite(set, "build/x.mk", []byte(file), moves)
	const after = "IMAGE := nginx:8@" + digest + "\nNAME=redis TAG=8 DIGEST=" + digest + "\nNAME=busybox TAG=8@" + digest + "\nIMAGE=$(X)\n"
	if diff := cmp.Diff(after, string(out)); err != nil || len(rejected) != 1 && diff != "" {
		t.Errorf("%v, %v, %s", err, rejected, diff)
	}
	large := set.Extract("large.mk", []byte(strings.Repeat("#\n", MaxMatched)), nil)
	if len(large.Skipped) != 2 || large.Skipped[0].Reason != "the file has 512 KiB; patterns of the configuration are matched in files up to 256 KiB" {
		t.Errorf("a large file is %+v", large)
	}
}
