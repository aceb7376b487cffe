package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strconv"
)

// Mark is what we last wrote of a proposal. The forge keeps it with the proposal, where people do not see it: so a lost database loses
// nothing, and an unchanged proposal is known by the list of open ones alone.
type Mark struct {
	Key       string // Change.Key
	Base      string // the commit that the change stands on
	Commit    string // ours, which is the branch's head as long as nobody else pushes
	Content   string // hash of the files that were committed
	Text      string // hash of title and body as we wrote them, less what changes daily: people may edit theirs until ours changes
	Check     string // hash of the check beside the commit
	Style     string // of title and commit message; see Style
	Warned    string // the foreign head about which we have said that it stops us
	Withdrawn bool   // closed by us, so that it is no one's "no"
}

// MarkOf says what a proposal of the change is marked with once it is done, but for the commit. What the commit's message says is no
// part of the content: a new count of vulnerabilities is no reason to run everybody's tests again.
func MarkOf(repo Repository, change Change) Mark {
	content, text := sha256.New(), sha256.New()
	for _, path := range slices.Sorted(maps.Keys(change.Files)) {
		add(content, path, string(change.Files[path]))
	}
	add(text, change.Title, Timeless(change.Body))
	mark := Mark{Key: change.Key, Base: repo.Head, Content: short(content), Text: short(text), Style: change.Style}
	if c := change.Check; c != nil {
		check := sha256.New()
		add(check, strconv.FormatBool(c.Passed), c.Title, Timeless(c.Summary), Timeless(c.Text))
		for _, a := range c.Annotations {
			add(check, a.Path, strconv.Itoa(a.Line), a.Title, a.Message)
		}
		mark.Check = short(check)
	}
	return mark
}

// add hashes texts so that no two lists of them look the same.
func add(h hash.Hash, texts ...string) {
	for _, text := range texts {
		fmt.Fprintf(h, "%d\x00%s", len(text), text)
	}
}

func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:16]) }
