package github

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/basebump/basebump/bot"
)

const (
	maxKey  = 256
	maxBody = 65_536 // characters
)

// mark is what a pull request's body says of itself in a comment that its page does not show. So the state of a proposal stands with
// the proposal: a lost database loses nothing, and an unchanged one is known without a further request.
type mark struct {
	Key       string // bot.Change.Key
	Base      string // the commit that the change stands on
	Commit    string // ours, which is the branch's head as long as nobody else pushes
	Content   string // hash of what was committed
	Text      string // hash of title and body as we wrote them, less what changes daily: people may edit theirs until ours changes
	Check     string // hash of the check beside the commit
	Withdrawn bool   // closed by us, so that it is no one's "no"
}

// marker is the comment: a URL's query, which holds nothing that could end it. The last one counts, ours comes after all other text.
var marker = regexp.MustCompile(`\s*<!-- basebump\?([A-Za-z0-9%&=+._~-]+) -->`)

// newMark says what a proposal of the change looks like once it is done, but for the commit.
func newMark(repo bot.Repository, change bot.Change) mark {
	content, text := sha256.New(), sha256.New()
	add(content, change.Message)
	for _, path := range slices.Sorted(maps.Keys(change.Files)) {
		add(content, path, string(change.Files[path]))
	}
	add(text, change.Title, bot.Timeless(change.Body))
	want := mark{Key: change.Key, Base: repo.Head, Content: short(content), Text: short(text)}
	if c := change.Check; c != nil {
		check := sha256.New()
		add(check, strconv.FormatBool(c.Passed), c.Title, bot.Timeless(c.Summary), bot.Timeless(c.Text))
		want.Check = short(check)
	}
	return want
}

// add hashes texts so that no two lists of them look the same.
func add(h hash.Hash, texts ...string) {
	for _, text := range texts {
		fmt.Fprintf(h, "%d\x00%s", len(text), text)
	}
}

func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:16]) }

// seal puts the mark at the end of a body.
func (m mark) seal(body string) (string, error) {
	if len(m.Key) > maxKey {
		return "", fmt.Errorf("the key has %d bytes, %d are possible", len(m.Key), maxKey)
	}
	fields := url.Values{
		"key": {m.Key}, "base": {m.Base}, "commit": {m.Commit}, "content": {m.Content}, "text": {m.Text}, "check": {m.Check},
	}
	if m.Withdrawn {
		fields.Set("withdrawn", "1")
	}
	sealed := strings.TrimRight(body, "\n") + "\n\n<!-- basebump?" + fields.Encode() + " -->\n"
	if length := len([]rune(sealed)); length > maxBody {
		return "", fmt.Errorf("the text has %d characters, GitHub takes %d", length, maxBody)
	}
	return sealed, nil
}

// unseal takes the mark out of a body; the zero mark when there is none.
func unseal(sealed string) (body string, m mark) {
	found := marker.FindAllStringSubmatchIndex(sealed, -1)
	if len(found) == 0 {
		return sealed, mark{}
	}
	last := found[len(found)-1]
	fields, err := url.ParseQuery(sealed[last[2]:last[3]])
	if err != nil || len(fields.Get("key")) > maxKey {
		return sealed, mark{}
	}
	return strings.TrimSpace(sealed[:last[0]] + sealed[last[1]:]), mark{
		Key: fields.Get("key"), Base: fields.Get("base"), Commit: fields.Get("commit"), Content: fields.Get("content"),
		Text: fields.Get("text"), Check: fields.Get("check"), Withdrawn: fields.Get("withdrawn") != "",
	}
}
