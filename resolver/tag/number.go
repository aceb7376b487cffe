package tag

import (
	"cmp"
	"strings"
)

// numbersEnd returns where a run of numbers ends: 1.2.3, 8u392.
func numbersEnd(s string, i int) int {
	for {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
		if i+1 >= len(s) || (s[i] != '.' && s[i] != 'u') || !isDigit(s[i+1]) {
			return i
		}
		i++
	}
}

// dateEnd returns where a date ends that begins at i, or 0: 20240131, 2024-01-31, 2024-01, 20240131T120000Z, seconds since 1970.
func dateEnd(s string, i int) int {
	end := i
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	if end < len(s) && s[end] == '.' && end+1 < len(s) && isDigit(s[end+1]) && end-i != 8 {
		return 0
	}
	switch digits := s[i:end]; len(digits) {
	case 8, 12, 14:
		if isDay(digits[:4], digits[4:6], digits[6:8]) {
			return timeEnd(s, end)
		}
	case 10, 13:
		if digits[0] == '1' { // 2001 to 2033
			return end
		}
	case 4:
		return dashedEnd(s, i)
	}
	return 0
}

// dashedEnd returns where 2024-01-31, 2024_01_31 or 2024-01 ends.
func dashedEnd(s string, i int) int {
	rest := s[i:]
	if len(rest) < 7 || (rest[4] != '-' && rest[4] != '_') || !isDigit(rest[5]) || !isDigit(rest[6]) {
		return 0
	}
	if len(rest) >= 10 && rest[7] == rest[4] && isDigit(rest[8]) && isDigit(rest[9]) && isDay(rest[:4], rest[5:7], rest[8:10]) &&
		(len(rest) == 10 || !isDigit(rest[10])) {
		return timeEnd(s, i+10)
	}
	if isDay(rest[:4], rest[5:7], "01") && (len(rest) == 7 || (!isDigit(rest[7]) && rest[7] != '.')) {
		return i + 7
	}
	return 0
}

// timeEnd returns where a time of day after a date ends, or i where there is none.
func timeEnd(s string, i int) int {
	if i >= len(s) || s[i] != 'T' {
		return i
	}
	end := i + 1
	for end < len(s) && (isDigit(s[end]) || (strings.IndexByte("-:.", s[end]) >= 0 && end+1 < len(s) && isDigit(s[end+1]))) {
		end++
	}
	if end == i+1 {
		return i
	}
	if end < len(s) && s[end] == 'Z' {
		end++
	}
	return end
}

// isStamped says that a text is a number of a build and the second in which it was made: 949.1714662671, as Red Hat has it.
func isStamped(text string) bool {
	count, second, ok := strings.Cut(text, ".")
	return ok && isDigits(count) && isDigits(second) && len(second) == 10 && second[0] == '1'
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isDay(year, month, day string) bool {
	return "1990" <= year && year <= "2099" && "01" <= month && month <= "12" && "01" <= day && day <= "31"
}

// nextNumber cuts the first number off a text and returns what stands before it too.
func nextNumber(s string) (before, number, rest string, ok bool) {
	start := strings.IndexAny(s, "0123456789")
	if start < 0 {
		return s, "", "", false
	}
	end := start
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	return s[:start], s[start:end], s[end:], true
}

// sameNumbers says whether two texts differ at most in their digits: same precision, same separators.
func sameNumbers(a, b string) bool {
	for {
		beforeA, _, restA, okA := nextNumber(a)
		beforeB, _, restB, okB := nextNumber(b)
		if beforeA != beforeB || okA != okB {
			return false
		}
		if !okA {
			return true
		}
		a, b = restA, restB
	}
}

// compareNumbers orders by the first number that differs, and returns its index and the separator before it. Numbers may have any
// length; of two texts that agree as far as the shorter goes, the shorter is less.
func compareNumbers(a, b string) (order, index int, separator string) {
	for {
		_, numberA, restA, okA := nextNumber(a)
		before, numberB, restB, okB := nextNumber(b)
		if !okA || !okB {
			return boolOrder(okA, okB), index, before
		}
		if order := compareNumber(numberA, numberB); order != 0 {
			return order, index, before
		}
		a, b = restA, restB
		index++
	}
}

func compareNumber(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// comparePre orders prereleases of one version; none at all is the release itself.
func comparePre(a, b string) int {
	if a == "" || b == "" {
		return boolOrder(a == "", b == "")
	}
	wordA, wordB := strings.TrimRight(a, "0123456789.-"), strings.TrimRight(b, "0123456789.-")
	if order := cmp.Compare(prereleases[strings.ToLower(wordA)].order, prereleases[strings.ToLower(wordB)].order); order != 0 {
		return order
	}
	order, _, _ := compareNumbers(a[len(wordA):], b[len(wordB):])
	return order
}
