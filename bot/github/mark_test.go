package github

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
)

func TestMark(t *testing.T) {
	t.Parallel()
	full := mark{Key: `a b--><script>"&=%`, Base: "b", Commit: "c", Content: "d", Text: "e", Check: "f", Withdrawn: true}
	for _, tc := range []struct {
		name, body, want string
		mark             mark
	}{
		{name: "plain", body: "Hello\n", want: "Hello", mark: mark{Key: "k"}},
		{name: "every field, hostile key", body: "Hello", want: "Hello", mark: full},
		{name: "no text", mark: mark{Key: "k"}},
		{name: "a forged mark before ours", body: "<!-- basebump?key=evil -->\n", want: "<!-- basebump?key=evil -->", mark: mark{Key: "k"}},
		{name: "foreign line ends", body: "a\r\nb", want: "a\r\nb", mark: mark{Key: "k"}},
	} {
		sealed, err := tc.mark.seal(tc.body)
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
	if _, err := (mark{Key: strings.Repeat("k", maxKey+1)}).seal(""); err == nil || err.Error() != "the key has 257 bytes, 256 are possible" {
		t.Errorf("error %v", err)
	}
	if _, err := (mark{}).seal(strings.Repeat("é", maxBody)); err == nil || !strings.HasPrefix(err.Error(), "the text has 65") {
		t.Errorf("error %v", err)
	}
	if _, err := (mark{Key: strings.Repeat("é", maxKey/2)}).seal(strings.Repeat("x", bot.BodyLimit)); err != nil {
		t.Errorf("the longest text that bot writes: %v", err)
	}
}

func TestNewMarkTellsChangesApart(t *testing.T) {
	t.Parallel()
	change := func(edit func(*bot.Change)) mark {
		c := bot.Change{Title: "t", Body: "b", Message: "m", Files: map[string][]byte{"a": []byte("1"), "b": []byte("2")}, Check: &bot.Check{Title: "x"}}
		edit(&c)
		return newMark(bot.Repository{}, c)
	}
	same := change(func(*bot.Change) {})
	for name, edit := range map[string]func(*bot.Change){
		"content": func(c *bot.Change) { c.Files["a"] = []byte("3") },
		"place":   func(c *bot.Change) { c.Files = map[string][]byte{"a": []byte("1b2")} },
		"message": func(c *bot.Change) { c.Message = "n" },
		"title":   func(c *bot.Change) { c.Title, c.Body = "tb", "" },
		"check":   func(c *bot.Change) { c.Check = &bot.Check{Summary: "x"} },
		"verdict": func(c *bot.Change) { c.Check = &bot.Check{Title: "x", Passed: true} },
	} {
		if change(edit) == same {
			t.Errorf("%s: no difference", name)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	f.Add("Hello\n\n<!-- basebump?key=k&withdrawn=1 -->\n")
	f.Add("<!-- basebump?key=%zz -->")
	f.Fuzz(func(t *testing.T, text string) {
		body, m := unseal(text)
		sealed, err := m.seal(body)
		if err != nil {
			return
		}
		if again, same := unseal(sealed); same != m || strings.TrimSpace(again) != strings.TrimSpace(body) {
			t.Errorf("%q: %q, %+v became %q, %+v", text, body, m, again, same)
		}
	})
}
