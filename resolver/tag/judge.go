package tag

import (
	"strings"
	"time"
)

// reason is why a tag is no candidate, in words for a person.
type reason string

const (
	otherForm     reason = "another form of tag"
	otherVariant  reason = "another variant"
	notNewer      reason = "not newer"
	looksLikeDate reason = "a date or a counter, not a version"
	olderPart     reason = "newer in one part, older in another"
	prerelease    reason = "a prerelease"
	laterPre      reason = "a prerelease of a later version"
	notReleased   reason = "not released yet"
	notLongTerm   reason = "not a long-term line"
	otherDistro   reason = "another distribution release"
	endedDistro   reason = "a distribution release past its end of life"
	majorStep     reason = "a major step"
	minorStep     reason = "a minor step"
)

// tells says whether a person wants to know of a tag kept back for this reason.
func (r reason) tells() bool {
	switch r {
	case otherForm, otherVariant, notNewer, looksLikeDate, olderPart:
		return false
	}
	return true
}

// judge holds one query and what it says of every tag.
type judge struct {
	Query
	data    *Data
	current parsed
	product *Product
	line    *Line // of the current tag's main part; nil when unknown
	today   string
}

func newJudge(q Query) *judge {
	j := &judge{Query: q, data: q.Data, today: q.Now.UTC().Format(time.DateOnly)}
	if j.data == nil {
		j.data = Builtin()
	}
	j.current.read(q.Current, j.data)
	j.product = j.data.product(q.Image, &j.current)
	j.line = j.lineOf(&j.current)
	return j
}

// judge returns the level of the move to a tag, or why there is none.
func (j *judge) judge(t *parsed) (Level, reason) {
	cur := &j.current
	switch {
	case !sameForm(cur, t):
		return 0, otherForm
	case otherVariants(cur, t, j.data):
		return 0, otherVariant
	case compare(t, cur, j.data) <= 0:
		return 0, notNewer
	}
	for _, rule := range []func(*parsed) reason{j.jump, j.regress, j.lines, j.distributions, j.stable} {
		if r := rule(t); r != "" {
			return 0, r
		}
	}
	level := j.level(t)
	switch {
	case level <= j.Update:
		return level, ""
	case level == Major:
		return 0, majorStep
	}
	return 0, minorStep
}

// level is the largest step of the tag's versions; a tag without one only ever gets rebuilt.
func (j *judge) level(t *parsed) Level {
	level := Patch
	for i := range t.all() {
		if i != t.main && t.parts[i].kind != version {
			continue
		}
		if order, step := comparePart(&t.parts[i], &j.current.parts[i], j.data); order != 0 {
			level = max(level, step)
		}
	}
	if line := j.lineOf(t); line != j.line && line != nil && j.line != nil && strings.Count(line.Line, ".") > 1 {
		return Major // Windows, whose releases differ in the third number
	}
	return level
}

func (j *judge) lineOf(t *parsed) *Line {
	if j.product == nil || t.main < 0 {
		return nil
	}
	return j.product.line(t.parts[t.main].text)
}

// jump refuses a version that is none: 3 → 20240329, 9.1 → 4711.1.
func (j *judge) jump(t *parsed) reason {
	if t.main < 0 {
		return ""
	}
	_, old, _, okOld := nextNumber(j.current.parts[t.main].text)
	_, now, _, okNow := nextNumber(t.parts[t.main].text)
	if okOld && okNow && compareNumber(old, "1000") < 0 && compareNumber(now, "1000") >= 0 {
		return looksLikeDate
	}
	return ""
}

// regress refuses a tag whose second version falls while the first rises; rebuilds start anew with each version.
func (j *judge) regress(t *parsed) reason {
	for i := range t.all() {
		if k := t.parts[i].kind; i == t.main || (k != version && k != distro && k != named) {
			continue
		}
		if order, _ := comparePart(&t.parts[i], &j.current.parts[i], j.data); order < 0 {
			return olderPart
		}
	}
	return ""
}

// stable offers a prerelease only to who is on one, and of a later version only where there are no releases: see Candidates.
func (j *judge) stable(t *parsed) reason {
	for i := range t.all() {
		if t.parts[i].pre == "" {
			continue
		}
		if j.current.parts[i].pre == "" {
			return prerelease
		}
		if order, _, _ := compareNumbers(t.parts[i].text, j.current.parts[i].text); order != 0 {
			return laterPre
		}
	}
	return ""
}

// lines keeps who is on a long-term line on such lines.
func (j *judge) lines(t *parsed) reason {
	if j.line == nil {
		return ""
	}
	line := j.lineOf(t)
	switch {
	case line == j.line:
		return ""
	case line != nil && !line.released(j.today):
		return notReleased
	case j.line.lts(j.today) && (line == nil || !line.lts(j.today)):
		return notLongTerm
	}
	return ""
}

// distributions looks at those that the tag names beside its version.
func (j *judge) distributions(t *parsed) reason {
	for i := range t.all() {
		p := &t.parts[i]
		if p.kind != distro || i == t.main || p.text == j.current.parts[i].text {
			continue
		}
		if r := j.distribution(&j.current.parts[i], p); r != "" {
			return r
		}
	}
	return ""
}

func (j *judge) distribution(from, to *part) reason {
	product := j.data.byName[to.name]
	old, line := product.line(from.text), product.line(to.text)
	switch {
	case old != nil && old == line: // a point release of the same: alpine3.20.2 → alpine3.20.3
		return ""
	case j.Distribution == Stay, j.Distribution == EndOfLife && (old == nil || !old.ended(j.today)):
		return otherDistro
	case product == nil:
		return "" // its order is all that is known
	case line == nil || !line.released(j.today):
		return notReleased
	case old != nil && old.lts(j.today) && !line.lts(j.today):
		return notLongTerm
	case line.ended(j.today):
		return endedDistro
	}
	return ""
}
