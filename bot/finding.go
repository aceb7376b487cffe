package bot

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/resolver/tag"
)

// FindingKind says what a finding is about.
type FindingKind string

const (
	Gone      FindingKind = "gone"        // the repository, the tag or the pinned digest
	EndOfLife FindingKind = "end-of-life" // the release line, the distribution or a runtime in the image
	Moved     FindingKind = "moved"       // the image lives on elsewhere, or nowhere
	Unknown   FindingKind = "unknown"     // whether there are newer tags than those that were considered
	Retired   FindingKind = "deprecated"  // the image says so of itself
)

// Finding is what a person should know of an image in use, whether it can be moved or not.
type Finding struct {
	Kind   FindingKind `json:"kind"`
	Urgent bool        `json:"urgent,omitempty"` // what uses the image cannot be built or started anew
	Text   string      `json:"text"`             // what is the matter, and the next step
}

func (f Finding) String() string {
	if f.Urgent {
		return "urgent: " + f.Text
	}
	return f.Text
}

// goneTag is what is wrong with a use whose tag is not answered any more.
func goneTag(u *use, newest answer) Finding {
	text := fault.Text(newest.err)
	switch {
	case errors.Is(newest.err, resolver.ErrNoRepository):
		if _, told := tag.Builtin().MovedTo(u.image); !told {
			text += "; find out where the image lives now, and name that"
		}
		return Finding{Kind: Gone, Urgent: true, Text: text}
	case u.digest != "":
		text += "; its pinned digest may go next"
	}
	if offered := newest.newer.candidates; len(offered) > 0 {
		return Finding{Kind: Gone, Urgent: u.digest == "", Text: text + "; move to " + offered[0].Tag + ", the newest of its form"}
	}
	return Finding{Kind: Gone, Urgent: u.digest == "", Text: text + "; name a tag that is there"}
}

// goneDigest is what is wrong with a use whose tag has moved on from a digest that the registry has thrown away.
func goneDigest(u *use, newest answer) Finding {
	return Finding{Kind: Gone, Urgent: true, Text: fmt.Sprintf(
		"the pinned digest %s is gone from %s, so there is nothing to compare with; look at `basebump scan %[2]s:%[3]s` and pin what %[3]s answers now: %[4]s",
		ShortDigest(u.digest), u.image, u.tag, newest.digest)}
}

// known is what is known of an image and its tag without asking anybody.
func known(image, name string, now time.Time) []Finding {
	var findings []Finding
	data := tag.Builtin()
	if moved, ok := data.MovedTo(image); ok {
		text := "the image is not kept any more: " + moved.Why
		if moved.To != "" {
			text = "the image has moved to " + moved.To + ": " + moved.Why
		}
		findings = append(findings, Finding{Kind: Moved, Text: text})
	}
	for _, end := range data.Ended(image, name, now) {
		text := end.String()
		if end.Successor != "" {
			text += "; " + end.Successor + " is kept"
		}
		findings = append(findings, Finding{Kind: EndOfLife, Text: text})
	}
	return findings
}

// retiredLabels are where an image says that it is not kept any more: Artifact Hub's label, the one proposed for OCI, and the plain word.
var retiredLabels = []string{"io.artifacthub.package.deprecated", "org.opencontainers.image.deprecated", "deprecated"}

// retired returns what an image's labels say of its end; their values are true, false, or the reason.
func retired(image resolver.Image) []Finding {
	for _, label := range retiredLabels {
		value := strings.TrimSpace(image.Labels[label])
		switch strings.ToLower(value) {
		case "", "false", "0", "no":
			continue
		case "true", "1", "yes":
			return []Finding{{Kind: Retired, Text: "the image calls itself deprecated; look for its successor"}}
		}
		return []Finding{{Kind: Retired, Text: "the image calls itself deprecated: " + value}}
	}
	return nil
}

// sentence joins a reason and findings; either may be missing.
func sentence(reason string, findings []Finding) string {
	var phrases []string
	if reason != "" {
		phrases = append(phrases, reason)
	}
	for _, finding := range findings {
		phrases = append(phrases, finding.String())
	}
	return strings.Join(phrases, "; ")
}
