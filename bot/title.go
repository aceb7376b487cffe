package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/basebump/basebump/scan"
)

// titleLimit keeps a title readable in a list; GitHub's own limit is 256 characters.
const titleLimit = 200

// Title is the pull request's title and the commit's subject: what moves, and whether it is worth it.
func Title(bumps []Bump) string {
	title := bumpTitle(bumps[0])
	if len(bumps) > 1 {
		title = fmt.Sprintf("%s and %d more", title, len(bumps)-1)
	}
	if runes := []rune(title); len(runes) > titleLimit {
		title = string(runes[:titleLimit-1]) + "…"
	}
	return title
}

func bumpTitle(b Bump) string {
	name := shortName(b.Image)
	fixed := scan.Count(b.Fixed)
	kind := "chore"
	if fixed.Total() > 0 {
		kind = "fix"
	}
	switch {
	case b.IsPin():
		return fmt.Sprintf("chore(docker): pin %s:%s to %s", name, b.To.Tag, short(b.To.Digest))
	case b.From.Tag != b.To.Tag:
		return fmt.Sprintf("%s(docker): update %s from %s to %s%s", kind, name, b.From.Tag, b.To.Tag, worth(fixed))
	case b.To.Created != nil:
		return fmt.Sprintf("%s(docker): update %s:%s to the %s build%s", kind, name, b.To.Tag, b.To.Created.UTC().Format(time.DateOnly), worth(fixed))
	}
	return fmt.Sprintf("%s(docker): update %s:%s to the build %s%s", kind, name, b.To.Tag, short(b.To.Digest), worth(fixed))
}

func worth(fixed scan.Counts) string {
	switch n := fixed.Total(); {
	case n == 0:
		return ""
	case fixed[scan.Critical] > 0:
		return fmt.Sprintf(" (%s fixed, %d critical)", plural(n, "vulnerability", "vulnerabilities"), fixed[scan.Critical])
	case fixed[scan.High] > 0:
		return fmt.Sprintf(" (%s fixed, %d high)", plural(n, "vulnerability", "vulnerabilities"), fixed[scan.High])
	default:
		return fmt.Sprintf(" (%s fixed)", plural(n, "vulnerability", "vulnerabilities"))
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shortName is the image as people write it: Docker Hub's host and official namespace are left out.
func shortName(image string) string {
	name := strings.TrimPrefix(image, "docker.io/")
	return strings.TrimPrefix(name, "library/")
}
