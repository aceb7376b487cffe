package config

import (
	"fmt"
	"strings"
)

// suggest names the known word that a misspelt one most likely means, or lists them all where none is near.
func suggest(word string, known []string) string {
	best, distance := "", min(len(word), 30)/3+2
	for _, candidate := range known {
		if d := likeness(word, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return fmt.Sprintf("(known: %s)", strings.Join(known, ", "))
	}
	return fmt.Sprintf("(did you mean %q?)", best)
}

// likeness is the edit distance, or less where one word begins with the other.
func likeness(word, known string) int {
	switch {
	case len(word) > 2 && strings.HasPrefix(known, word), strings.HasPrefix(word, known):
		return 1
	case len(word) > 2*len(known): // no need to compare what strangers make long
		return len(word)
	}
	return editDistance(word, known)
}

// editDistance counts the letters to insert, remove or replace to get from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
