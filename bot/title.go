package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/scan"
)

// titleLimit keeps a title readable in a list; GitHub's own limit is 256 characters.
const titleLimit = 200

// Title is the pull request's title and the commit's subject: what moves, and whether it is worth it.
func Title(bumps []Bump) string { return titleIn(StyleConventional, bumps) }

func titleIn(style string, bumps []Bump) string {
	fixed := fixedBy(bumps)
	worth, what := worth(fixed), quiet(plain(moves(bumps)))
	begin := style
	switch style {
	case StylePlain:
		begin, what = "", capital(what)
	case StyleConventional:
		begin = "chore(docker): "
		if len(fixed) > 0 {
			begin = "fix(docker): "
		}
	}
	runes := []rune(what)
	if room := titleLimit - len(begin) - len(worth); len(runes) > room {
		runes = append(runes[:room-1], '…')
	}
	return begin + string(runes) + worth
}

func moves(bumps []Bump) string {
	verb := "pin "
	var names []string
	for _, b := range bumps {
		name := ShortName(b.Image) + ":" + b.To.Tag
		if b.From.Tag != b.To.Tag {
			name = ShortName(b.Image) + " to " + b.To.Tag
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		if !b.IsPin() {
			verb = "update "
		}
	}
	if len(names) == 1 {
		return move(bumps[0])
	}
	return verb + enumerate(names, 2)
}

func move(b Bump) string {
	name := ShortName(b.Image)
	switch {
	case b.IsPin():
		return fmt.Sprintf("pin %s:%s to %s", name, b.To.Tag, ShortDigest(b.To.Digest))
	case b.From.Tag != b.To.Tag:
		return fmt.Sprintf("update %s from %s to %s", name, b.From.Tag, b.To.Tag)
	case b.To.Created != nil:
		return fmt.Sprintf("update %s:%s to the %s build", name, b.To.Tag, b.To.Created.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("update %s:%s to the build %s", name, b.To.Tag, ShortDigest(b.To.Digest))
}

// worth says how many vulnerabilities are fixed, and how bad the worst of them are.
func worth(fixed []scan.Vulnerability) string {
	counts := scan.Count(fixed)
	if counts.Total() == 0 {
		return ""
	}
	text := plural(counts.Total(), "vulnerability", "vulnerabilities") + " fixed"
	switch {
	case counts[scan.Critical] > 0:
		text += fmt.Sprintf(", %d critical", counts[scan.Critical])
	case counts[scan.High] > 0:
		text += fmt.Sprintf(", %d high", counts[scan.High])
	}
	if n := scan.Count(knownExploited(fixed)).Total(); n > 0 {
		text += fmt.Sprintf(", %d known exploited", n)
	}
	return " (" + text + ")"
}

func knownExploited(list []scan.Vulnerability) []scan.Vulnerability {
	var known []scan.Vulnerability
	for _, v := range list {
		if v.KnownExploited {
			known = append(known, v)
		}
	}
	return known
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// ShortName is the image as people write it: Docker Hub's host and official namespace are left out.
func ShortName(image string) string {
	name := strings.TrimPrefix(image, "docker.io/")
	return strings.TrimPrefix(name, "library/")
}
