package bot_test

import (
	"testing"

	"github.com/basebump/basebump/bot"
)

func TestMarkTellsChangesApart(t *testing.T) {
	t.Parallel()
	mark := func(edit func(*bot.Change)) bot.Mark {
		c := bot.Change{
			Title: "t", Body: "b", Message: "m", Files: map[string][]byte{"a": []byte("1"), "b": []byte("2")},
			Check: &bot.Check{Title: "x", Annotations: []bot.Annotation{{Path: "a", Line: 1, Message: "m"}}},
		}
		edit(&c)
		return bot.MarkOf(bot.Repository{}, c)
	}
	same := mark(func(*bot.Change) {})
	for name, edit := range map[string]func(*bot.Change){
		"content":    func(c *bot.Change) { c.Files["a"] = []byte("3") },
		"place":      func(c *bot.Change) { c.Files = map[string][]byte{"a": []byte("1b2")} },
		"title":      func(c *bot.Change) { c.Title, c.Body = "tb", "" },
		"check":      func(c *bot.Change) { c.Check = &bot.Check{Summary: "x"} },
		"verdict":    func(c *bot.Change) { c.Check.Passed = true },
		"annotation": func(c *bot.Change) { c.Check.Annotations[0].Line = 2 },
	} {
		if mark(edit) == same {
			t.Errorf("%s: no difference", name)
		}
	}
	if mark(func(c *bot.Change) { c.Message = "other" }) != same {
		t.Error("another message alone asks for another commit")
	}
}
