package tag

import "strings"

// read splits a tag into parts. It never fails: what it does not know is fixed text.
func (t *parsed) read(raw string, data *Data) {
	*t = parsed{raw: raw}
	r := reader{parsed: t, data: data}
	for r.at < len(raw) {
		switch c := raw[r.at]; {
		case r.fieldStart() && r.skipField():
		case isDigit(c):
			r.number(word{})
		case isLetter(c):
			r.word()
		default:
			r.at++
		}
	}
	t.finish(raw[r.from:])
}

// reader walks over a tag. Bytes between from and at are fixed text that no part has claimed yet.
type reader struct {
	*parsed
	data     *Data
	from, at int
}

// word is what stands before a number.
type word struct {
	text string
	glue string // between word and number
}

func (r *reader) rest() string { return r.raw[r.at:] }

func (r *reader) fieldStart() bool { return r.at == 0 || isSeparator(r.raw[r.at-1]) }

// field returns the text up to the next separator.
func (r *reader) field() string {
	if end := strings.IndexAny(r.rest(), "-_."); end >= 0 {
		return r.rest()[:end]
	}
	return r.rest()
}

// part claims the text from r.at up to end, and what is unclaimed before it as its lead.
func (r *reader) part(kind kind, end int) *part {
	r.add(part{kind: kind, lead: r.raw[r.from:r.at], text: r.raw[r.at:end]})
	r.from, r.at = end, end
	return &r.parts[min(r.n, maxParts)-1]
}

// skipField passes a field whose digits count nothing: x86_64, arm64v8, a commit's hash.
func (r *reader) skipField() bool {
	field := r.field()
	if spelledWords[field] {
		r.at += len(field)
		if after, ok := strings.CutPrefix(r.rest(), "_64"); ok && field == "x86" && (after == "" || isSeparator(after[0])) {
			r.at += len("_64")
		}
		return true
	}
	return r.hash(field)
}

// hash reads 7 to 64 hexadecimal digits of which some are letters and some are not; git describe puts a g before them.
func (r *reader) hash(field string) bool {
	digits := strings.TrimPrefix(field, "g")
	if len(digits) < 7 || len(digits) > 64 {
		return false
	}
	letters, numerals := 0, 0
	for i := range len(digits) {
		switch c := digits[i]; {
		case isDigit(c):
			numerals++
		case 'a' <= c && c <= 'f':
			letters++
		default:
			return false
		}
	}
	if letters == 0 || numerals == 0 {
		return false
	}
	r.at += len(field) - len(digits)
	r.part(hash, r.at+len(digits))
	return true
}

// word reads letters, and the number that belongs to them where one follows.
func (r *reader) word() {
	start := r.at
	if counter := r.counter(); counter > 0 {
		r.at += counter
	} else {
		for r.at < len(r.raw) && isLetter(r.raw[r.at]) {
			r.at++
		}
	}
	text := r.raw[start:r.at]
	if r.topic(text) {
		return
	}
	whole := (start == 0 || isSeparator(r.raw[start-1])) && (r.at == len(r.raw) || isSeparator(r.raw[r.at]))
	if whole && r.codename(start, text) {
		return
	}
	switch rest := r.rest(); {
	case rest != "" && isDigit(rest[0]):
		r.number(word{text: text})
	case len(rest) > 1 && isSeparator(rest[0]) && isDigit(rest[1]):
		r.at++
		if r.skipField() {
			return
		}
		r.number(word{text: text, glue: rest[:1]})
	}
}

// topic passes the number of something that is no version: that of a pull request says whose image it is, not which is newer.
func (r *reader) topic(text string) bool {
	if !topicWords[strings.ToLower(text)] {
		return false
	}
	if rest := r.rest(); len(rest) > 1 && isSeparator(rest[0]) && isDigit(rest[1]) {
		r.at++
	}
	for r.at < len(r.raw) && isDigit(r.raw[r.at]) {
		r.at++
	}
	return true
}

// counter measures a word with a digit inside that counts rebuilds, before its number: k3s1.
func (r *reader) counter() int {
	for _, s := range []string{"k3s", "rke2r"} {
		if after, ok := strings.CutPrefix(r.rest(), s); ok && after != "" && isDigit(after[0]) {
			return len(s)
		}
	}
	return 0
}

func (r *reader) codename(start int, text string) bool {
	product := r.data.codenames[text]
	if product == nil {
		return false
	}
	end := r.at
	r.at = start
	r.part(distro, end).name = product.Name
	return true
}

// number reads a date or a run of numbers, and decides by the word before it and the parts before that what it counts.
func (r *reader) number(w word) {
	if end := dateEnd(r.raw, r.at); end > 0 {
		r.part(date, end)
		return
	}
	end := numbersEnd(r.raw, r.at)
	kind, name := r.classify(w, r.raw[r.at:end])
	p := r.part(kind, end)
	p.name = name
	if kind == version || kind == named {
		p.pre = r.prerelease()
	}
}

func (r *reader) classify(w word, text string) (kind, string) {
	single := strings.Trim(text, "0123456789") == ""
	lower := strings.ToLower(w.text)
	switch {
	case lower == "v":
		return version, ""
	case lower == "":
		if r.has() && (single || isStamped(text)) {
			return build, ""
		}
		return version, ""
	case distroWords[lower]:
		return distro, r.data.distroName(lower)
	case single && r.has() && buildWords[lower]:
		return build, ""
	case w.glue != "" && !r.has() && r.data.words[lower] == nil:
		return version, "" // release-1.2, nginx-1.25
	}
	return named, lower
}

// prerelease reads "-rc.1", "b2", "-SNAPSHOT" after a version and returns it without its separator.
func (r *reader) prerelease() string {
	i := r.at
	if i < len(r.raw) && isSeparator(r.raw[i]) {
		i++
	}
	start := i
	for i < len(r.raw) && isLetter(r.raw[i]) {
		i++
	}
	rank, ok := prereleases[strings.ToLower(r.raw[start:i])]
	if !ok || (rank.glued && (start != r.at || i == len(r.raw) || !isDigit(r.raw[i]))) {
		return ""
	}
	if i+1 < len(r.raw) && (r.raw[i] == '.' || r.raw[i] == '-') && isDigit(r.raw[i+1]) && dateEnd(r.raw, i+1) == 0 {
		i++
	}
	for i < len(r.raw) && (isDigit(r.raw[i]) || (r.raw[i] == '.' && i+1 < len(r.raw) && isDigit(r.raw[i+1]))) {
		i++
	}
	if i < len(r.raw) && !isSeparator(r.raw[i]) {
		return ""
	}
	r.from, r.at = i, i
	return r.raw[start:i]
}

func isDigit(c byte) bool     { return '0' <= c && c <= '9' }
func isLetter(c byte) bool    { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isSeparator(c byte) bool { return c == '-' || c == '_' || c == '.' }
