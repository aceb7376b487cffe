package github

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/basebump/basebump/bot"
)

const (
	maxKey   = 256
	maxStyle = 64
	maxBody  = 65_536 // characters
)

// marker is the comment, which a pull request's page does not show, that holds a mark: a URL's query, which holds nothing that could
// end it. The last one counts, ours comes after all other text.
var marker = regexp.MustCompile(`\s*<!-- basebump\?([A-Za-z0-9%&=+._~-]+) -->`)

// seal puts the mark at the end of a body.
func seal(m bot.Mark, body string) (string, error) {
	if len(m.Key) > maxKey {
		return "", fmt.Errorf("the key has %d bytes, %d are possible", len(m.Key), maxKey)
	}
	fields := url.Values{
		"key": {m.Key}, "base": {m.Base}, "commit": {m.Commit}, "content": {m.Content}, "text": {m.Text}, "check": {m.Check},
	}
	for name, value := range map[string]string{"style": m.Style, "warned": m.Warned} {
		if value != "" {
			fields.Set(name, value)
		}
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
func unseal(sealed string) (body string, m bot.Mark) {
	found := marker.FindAllStringSubmatchIndex(sealed, -1)
	if len(found) == 0 {
		return sealed, bot.Mark{}
	}
	last := found[len(found)-1]
	fields, err := url.ParseQuery(sealed[last[2]:last[3]])
	if err != nil || len(fields.Get("key")) > maxKey || len(fields.Get("style")) > maxStyle {
		return sealed, bot.Mark{}
	}
	return strings.TrimSpace(sealed[:last[0]] + sealed[last[1]:]), bot.Mark{
		Key: fields.Get("key"), Base: fields.Get("base"), Commit: fields.Get("commit"), Content: fields.Get("content"),
		Text: fields.Get("text"), Check: fields.Get("check"), Style: fields.Get("style"), Warned: fields.Get("warned"),
		Withdrawn: fields.Get("withdrawn") != "",
	}
}
