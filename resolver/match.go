package resolver

import (
	"cmp"
	"strings"
)

// Answers says whether the platform is the one wanted, however that is spelled: linux/arm64/v8 is linux/arm64, linux/arm is
// linux/arm/v7. A Windows build is the same whatever its revision; where none is wanted, any will do.
func (p Platform) Answers(wanted string) bool {
	machine, build := spell(p.Name)
	want, wantBuild := spell(wanted)
	return machine == want && (wantBuild == "" || wantBuild == build)
}

// architectures have other names in the wild.
var architectures = map[string]string{"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm"}

// spell splits a platform's name into machine and build, each in one spelling.
func spell(name string) (machine, build string) {
	machine, build, _ = strings.Cut(strings.ToLower(name), ":")
	system, rest, _ := strings.Cut(machine, "/")
	architecture, variant, _ := strings.Cut(rest, "/")
	architecture = cmp.Or(architectures[architecture], architecture)
	switch {
	case architecture == "arm64" && variant == "v8", architecture == "amd64" && variant == "v1":
		variant = ""
	case architecture == "arm" && variant == "":
		variant = "v7"
	}
	if parts := strings.SplitN(build, ".", 4); len(parts) == 4 {
		build = strings.Join(parts[:3], ".")
	}
	return strings.Join([]string{system, architecture, variant}, "/"), build
}
