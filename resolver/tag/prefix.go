package tag

import "strings"

// Prefix returns the text that every candidate begins with, as far as the current tag and the rules tell; other tags of a repository
// need not be known anew.
func Prefix(q Query) string {
	j := newJudge(q)
	end := 0
	for i := range j.current.all() {
		p := &j.current.parts[i]
		end += len(p.lead)
		fixed := j.fixed(i)
		if end += fixed; fixed < len(p.text) || p.pre != "" || p.kind == hash {
			break
		}
	}
	return j.current.raw[:end]
}

// fixed returns how many bytes of a part's text no candidate may change.
func (j *judge) fixed(i int) int {
	p := &j.current.parts[i]
	switch {
	case p.kind == literal:
		return len(p.text)
	case p.kind == named && i != j.current.main:
		return fixedNumbers(p.text, Patch)
	case p.kind == build, p.kind == date, p.kind == hash:
		return 0
	case p.kind == distro && i != j.current.main:
		if line := j.data.byName[p.name].line(p.text); j.Distribution == Stay && (line == nil || p.text == line.Line || p.text == line.Codename) {
			return len(p.text)
		}
		return 0
	case p.kind == distro && !isDigit(p.text[0]):
		if j.Update < Major {
			return len(p.text)
		}
		return 0
	}
	return fixedNumbers(p.text, j.Update)
}

// fixedNumbers returns where the first number of a version begins that a level lets rise: 1.2.3 keeps "1.2." for a patch.
func fixedNumbers(text string, level Level) int {
	end := 0
	for index := 0; ; index++ {
		before, number, _, ok := nextNumber(text[end:])
		if !ok {
			return len(text)
		}
		start := end + len(before)
		if level == Major || (level == Minor && index > 0) || index > 1 || (index == 1 && !strings.HasSuffix(before, ".")) {
			return start
		}
		end = start + len(number)
	}
}
