package bot

import (
	"fmt"
	"strings"
)

// BrokenCustom says that a repository's own configuration cannot be used. It is a Customize's error, and a person's to mend.
type BrokenCustom struct {
	Misfits []Misfit
	Err     error // what the reader said; may be nil
}

func (b *BrokenCustom) Unwrap() error { return b.Err }

// Misfit is one thing wrong in a file, with what would be right.
type Misfit struct {
	Line, Column int // from 1; 0 where there is no position
	Message      string
}

func (b *BrokenCustom) Error() string {
	lines := make([]string, len(b.Misfits))
	for i, m := range b.Misfits {
		lines[i] = customFile + m.place() + ": " + m.Message
	}
	return strings.Join(lines, "\n")
}

func (m Misfit) place() string {
	switch {
	case m.Line == 0:
		return ""
	case m.Column == 0:
		return fmt.Sprintf(":%d", m.Line)
	}
	return fmt.Sprintf(":%d:%d", m.Line, m.Column)
}

// misfitsShown bounds what an issue or a check lists; who mends so many sees the rest then.
const misfitsShown = 20

// markdown lists what is wrong, in the file's order.
func (b *BrokenCustom) markdown() string {
	var list strings.Builder
	for i, m := range b.Misfits {
		if i == misfitsShown {
			fmt.Fprintf(&list, "- and %d more\n", len(b.Misfits)-i)
			break
		}
		where := ""
		if m.Line > 0 {
			where = fmt.Sprintf("**line %d**: ", m.Line)
		}
		list.WriteString("- " + where + escape(m.Message) + "\n")
	}
	return list.String()
}

// notice is what the repository is told.
func (b *BrokenCustom) notice() Notice {
	return Notice{
		Subject: SubjectConfig,
		Title:   "basebump: " + customFile + " is broken",
		Body: paragraphs(
			"`"+customFile+"` cannot be used, so nothing is looked after in this repository until it is mended:",
			b.markdown(),
			"On your machine, `basebump config check "+customFile+"` says the same. This issue closes by itself once the file is in order.",
		),
	}
}

// mended is what is said when it is in order again.
const mended = "`" + customFile + "` is in order again; this repository is looked after."

// check is the same as a check beside a commit that changes the file.
func (b *BrokenCustom) check() Check {
	c := Check{Title: customFile + " is broken", Summary: paragraphs("Once merged, it stops work on this repository:", b.markdown())}
	for _, m := range b.Misfits[:min(len(b.Misfits), misfitsShown)] {
		if m.Line > 0 {
			c.Annotations = append(c.Annotations, Annotation{Path: customFile, Line: m.Line, Title: "not valid", Message: plain(m.Message)})
		}
	}
	return c
}
