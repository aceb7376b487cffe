package tag

import "strings"

// sameForm says whether two tags differ only in what may rise: same parts, same text between them, same precision.
func sameForm(a, b *parsed) bool {
	if a.n != b.n {
		return false
	}
	for i := range a.all() {
		if !samePart(&a.parts[i], &b.parts[i]) {
			return false
		}
	}
	return true
}

func samePart(a, b *part) bool {
	if a.kind != b.kind || a.name != b.name || a.lead != b.lead {
		return false
	}
	switch a.kind {
	case distro:
		return isDigit(a.text[0]) == isDigit(b.text[0]) && (!isDigit(a.text[0]) || sameNumbers(a.text, b.text))
	case date:
		return len(a.text) == len(b.text) && sameNumbers(a.text, b.text)
	case version, named, build:
		return sameNumbers(a.text, b.text)
	case literal, hash:
	}
	return true
}

// otherVariants says whether a part that names a variant differs; its patches are the same: php8.2.1 and php8.2.3, but not php8.2 and
// php8.3.
func otherVariants(a, b *parsed, data *Data) bool {
	for i := range a.all() {
		p, q := &a.parts[i], &b.parts[i]
		if p.kind != named || i == a.main {
			continue
		}
		order, step := comparePart(p, q, data)
		if p.pre != q.pre || (order != 0 && step != Patch) {
			return true
		}
	}
	return false
}

// compare orders two tags of one form: by the main part, then further versions, patches of the variant and the distribution, and what
// counts rebuilds.
func compare(a, b *parsed, data *Data) int {
	if a.main >= 0 {
		if order, _ := comparePart(&a.parts[a.main], &b.parts[b.main], data); order != 0 {
			return order
		}
	}
	for _, kinds := range [...][2]kind{{version, version}, {named, distro}, {date, build}} {
		for i := range a.all() {
			if k := a.parts[i].kind; k != kinds[0] && k != kinds[1] {
				continue
			}
			if order, _ := comparePart(&a.parts[i], &b.parts[i], data); order != 0 {
				return order
			}
		}
	}
	return 0
}

// comparePart returns the order of two parts, and by what step they differ.
func comparePart(a, b *part, data *Data) (order int, step Level) {
	textA, textB := a.text, b.text
	if a.kind == distro && !isDigit(textA[0]) {
		lineA, lineB := data.byName[a.name].line(textA), data.byName[b.name].line(textB)
		order, _, _ = compareNumbers(lineA.Line, lineB.Line)
		return order, Major
	}
	order, index, separator := compareNumbers(textA, textB)
	switch {
	case order == 0:
		return comparePre(a.pre, b.pre), Patch
	case index == 0:
		step = Major
	case index == 1 && strings.HasSuffix(separator, "."):
		step = Minor
	default: // 1.2.3, and Java's 8u392
		step = Patch
	}
	return order, step
}
