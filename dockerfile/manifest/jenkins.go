package manifest

import (
	"path"
	"regexp"
)

var (
	jenkinsName = regexp.MustCompile(`(?i)^jenkinsfile([._-].*)?$|[._-]jenkinsfile$`)

	// jenkinsImage are the ways of a pipeline to name an image: agent { docker 'x' }, agent { docker { image 'x' } },
	// docker.image('x'), withDockerContainer('x'), containerTemplate(image: 'x'), and the YAML of a Pod within the pipeline.
	jenkinsImage = regexp.MustCompile(`(?m)\bdocker\s+['"](?P<image>[^'"\n]+)['"]`)
	jenkinsOther = regexp.MustCompile(`(?m)(?:\bimage:?\s*|\bdocker\.image\(\s*|\bwithDockerContainer\(\s*)['"](?P<image>[^'"\n]+)['"]|^[ \t-]*image:[ \t]+(?P<bare>[^\s'"#]+)[ \t]*(?:#.*)?\r?$`)
)

func isJenkinsfile(name string) bool {
	return hints(name, "jenkins") && jenkinsName.MatchString(path.Base(name))
}

func readJenkinsfile(r *reader) {
	r.pattern(jenkinsImage, "//")
	for _, found := range jenkinsOther.FindAllSubmatchIndex(r.Data, -1) {
		start, end := found[2], found[3]
		if start < 0 {
			start, end = found[4], found[5]
		}
		if !r.commented(start, "//") {
			r.operand(r.bytes(start, end), nil)
		}
	}
}
