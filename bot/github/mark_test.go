package github

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

func TestMark(t *testing.T) {
	t.Parallel()
	full := bot.Mark{Key: `a b--><script>"&=%`, Base: "b", Commit: "c", Content: "d", Text: "e", Check: "f", Style: "build(deps): ", Warned: "g", Withdrawn: true}
	for _, tc := range []struct {
		name, body, want string
		mark             bot.Mark
	}{
		{name: "plain", body: "Hello\n", want: "Hello", mark: bot.Mark{Key: "k"}},
		{name: "every field, hostile key", body: "Hello", want: "Hello", mark: full},
		{name: "no text", mark: bot.Mark{Key: "k"}},
		{name: "a forged mark before ours", body: "<!-- basebump?key=evil -->\n", want: "<!-- basebump?key=evil -->", mark: bot.Mark{Key: "k"}},
		{name: "foreign line ends", body: "a\r\nb", want: "a\r\nb", mark: bot.Mark{Key: "k"}},
	} {
		sealed, err := seal(tc.mark, tc.body)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if strings.Count(sealed, "-->") != strings.Count(tc.body, "-->")+1 {
			t.Errorf("%s: the mark ends early: %q", tc.name, sealed)
		}
		body, got := unseal(sealed)
		if diff := cmp.Diff(tc.mark, got); diff != "" || body != tc.want {
			t.Errorf("%s: body %q, mark %s", tc.name, body, diff)
		}
	}
	body, got := unseal("Hello\r\n\r\n<!-- basebump?key=k -->\r\n\r\nand a person's words")
	if body != "Hello\r\n\r\nand a person's words" || got.Key != "k" {
		t.Errorf("after an edit: %q, %+v", body, got)
	}
}

func TestMarkRefusesWhatIsTooLong(t *testing.T) {
	t.Parallel()
	if _, err := seal(bot.Mark{Key: strings.Repeat("k", maxKey+1)}, ""); err == nil || err.Error() != "the key has 257 bytes, 256 are possible" {
		t.Errorf("error %v", err)
	}
	if _, err := seal(bot.Mark{}, strings.Repeat("é", maxBody)); err == nil || !strings.HasPrefix(err.Error(), "the text has 65") {
		t.Errorf("error %v", err)
	}
	if _, err := seal(bot.Mark{Key: strings.Repeat("é", maxKey/2)}, strings.Repeat("x", bot.BodyLimit)); err != nil {
		t.Errorf("the longest text that bot writes: %v", err)
	}
}

func FuzzUnseal(f *testing.F) {
	f.Add("Hello\n\n<!-- basebump?key=k&withdrawn=1 -->\n")
	f.Add("<!-- basebump?key=%zz -->")
	f.Fuzz(func(t *testing.T, text string) {
		body, m := unseal(text)
		sealed, err := seal(m, body)
		if err != nil {
			return
		}
		if again, same := unseal(sealed); same != m || strings.TrimSpace(again) != strings.TrimSpace(body) {
			t.Errorf("%q: %q, %+v became %q, %+v", text, body, m, again, same)
		}
	})
}
