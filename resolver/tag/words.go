package tag

// spelledWords hold digits that count nothing.
var spelledWords = set(
	"amd64", "arm64v8", "arm64", "arm32v5", "arm32v6", "arm32v7", "armv5", "armv6", "armv7", "armv8", "aarch64",
	"x86", "x64", "i386", "i686", "386", "ppc64le", "ppc64", "s390x", "s390", "mips64le", "riscv64", "loong64",
	"win64", "win32", "linux64", "64bit", "32bit", "k8s", "s6", "s3", "ec2", "h2", "http2", "oauth2", "log4j2",
	"ipv4", "ipv6", "utf8", "base64", "md5", "sha1", "sha256", "sha512")

// distroWords stand before the number of a distribution or of what plays its part.
var distroWords = set("debian", "deb", "ubuntu", "alpine", "ubi", "rhel", "centos", "fedora", "rockylinux", "rocky", "almalinux", "alma",
	"oraclelinux", "ol", "el", "al", "amzn", "amazonlinux", "opensuse", "leap", "sles", "bci", "photon", "mariner", "azurelinux", "wolfi",
	"windowsservercore", "servercore", "nanoserver", "ltsc")

// buildWords stand before the number of a rebuild. Any other word names a variant with its number.
var buildWords = set("r", "rev", "revision", "b", "build", "ls", "p", "pl", "patch", "post", "rel", "release", "security", "kb",
	"gke", "eks", "k3s", "rke2r")

// topicWords stand before the number of what an image was built for.
var topicWords = set("pr", "mr", "pull", "merge", "issue", "ticket")

// rank orders prereleases of one version. A glued one is only one right between two numbers: 3.0b1, but not 8-b08.
type rank struct {
	order int
	glued bool
}

var prereleases = map[string]rank{
	"dev": {order: 1}, "snapshot": {order: 1}, "nightly": {order: 1}, "canary": {order: 1}, "unstable": {order: 1}, "edge": {order: 1},
	"ea": {order: 2}, "a": {order: 3, glued: true}, "alpha": {order: 3}, "b": {order: 4, glued: true}, "beta": {order: 4},
	"m": {order: 5}, "milestone": {order: 5}, "pre": {order: 6}, "preview": {order: 6},
	"c": {order: 7, glued: true}, "cr": {order: 7}, "rc": {order: 7},
}

func set(words ...string) map[string]bool {
	s := make(map[string]bool, len(words))
	for _, w := range words {
		s[w] = true
	}
	return s
}
