package bot_test

import (
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// FuzzBody puts one text wherever foreign text comes from. Whatever it is, GitHub's Markdown must see the very structure that a
// harmless word has, and nothing in it may come alive.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		"@everyone", "a|b\n|c|", "``` `` `", "](javascript:alert(1))", "<img src=x onerror=alert(1)>", "--> <!-- basebump?key=x -->",
		"</details></summary>", "\u202eevil\u2066", "a\u200bb", "https://evil.example www.evil.example a@b.example", "#1 GH-1 acme/app#1",
		"$\\color{white}{x}$", "\\", "\\|", "&lt;b&gt;", "*a* _b_ ~c~ **d** ~~e~~", "\n# x\n- y\n1. z\n===\n", "[^1] [x]: https://evil.example",
		"!", "\t    code", ":tada:", strings.Repeat("x", 5000), "e\u0301\u0301\u0301\u0301\u0301", "<details open>", ":a://b :gh-1:", "ftp://x mailto:a@b.c",
	} {
		f.Add(seed)
	}
	plainBody, plainCheck := foreign("word")
	wantBody, wantCheck := skeleton(plainBody), skeleton(plainCheck)
	f.Fuzz(func(t *testing.T, foreignText string) {
		if strings.TrimSpace(foreignText) == "" {
			t.Skip("an empty text leaves out what it would stand in")
		}
		body, check := foreign(foreignText)
		if d := cmp.Diff(wantBody, skeleton(body)); d != "" {
			t.Errorf("body has another structure (-plain +hostile):\n%s\n%s", d, body)
		}
		if d := cmp.Diff(wantCheck, skeleton(check)); d != "" {
			t.Errorf("check has another structure (-plain +hostile):\n%s\n%s", d, check)
		}
		for _, found := range []string{alive.FindString(prose(body)), unseen(body), unseen(bot.Title([]bot.Bump{bumpOf(foreignText)}))} {
			if found != "" {
				t.Errorf("%q in\n%s", found, body)
			}
		}
		if n := utf8.RuneCountInString(body); n > bot.BodyLimit {
			t.Errorf("body has %d characters", n)
		}
	})
}

// alive is what GitHub makes a mention, a reference, a link or a formula of.
var alive = regexp.MustCompile(`(?i)@[a-z0-9]|#[0-9]|gh-[0-9]|://|www\.|\$`)

func foreign(foreignText string) (body, check string) {
	bumps := []bot.Bump{bumpOf(foreignText)}
	shown := bot.CheckOf(bumps)
	return bot.Body(bumps), shown.Summary + "\n\n" + shown.Text
}

// bumpOf is a bump of which every text is foreign.
func bumpOf(x string) bot.Bump {
	flaw := scan.Vulnerability{ID: x, Package: x, Type: x, Installed: x, FixedIn: x, URL: "https://nvd.nist.gov/" + x}
	report := scan.Report{Platform: x, OS: scan.OS{Name: x}, Scanner: scan.Tool{Name: x, Version: x}}
	image := resolver.Image{Digest: x, Labels: labels(x, x)}
	diff := scan.Diff{
		Fixed: []scan.Vulnerability{flaw}, Introduced: []scan.Vulnerability{flaw}, Remaining: []scan.Vulnerability{flaw},
		Added: []scan.Package{{Name: x, Version: x}}, Removed: []scan.Package{{Name: x, Version: x}},
		Changed: []scan.PackageChange{{Name: x, Type: x, From: x, To: x}}, SetAside: []scan.SetAside{{Vulnerability: flaw, Why: x}},
	}
	verdict := scan.Verdict{Accepted: true, Reasons: []string{"introduces " + x, x}}
	opinion := bot.Opinion{Scanner: x, Current: []scan.Report{report}, Next: []scan.Report{report}, Diff: diff, Verdict: verdict, Ignored: map[string]string{x: x}}
	rejecting, failing := opinion, bot.Opinion{Scanner: x, Err: errors.New(x)}
	rejecting.Verdict = scan.Verdict{Reasons: []string{x}}
	return bot.Bump{
		Image: x, From: bot.Version{Tag: x, Digest: x}, To: bot.Version{Tag: x + "2", Digest: x}, Verdict: verdict,
		Fixed: diff.Fixed, Introduced: diff.Introduced, Remaining: diff.Remaining,
		SetAside: diff.SetAside, Ignored: opinion.Ignored,
		Findings:   []bot.Finding{{Text: x}},
		Rejected:   []bot.Rejection{{Tag: x, Digest: x, Reasons: []string{x, x}}},
		References: []dockerfile.Reference{{File: x, Kind: x, Raw: x, Line: 3, Pieces: []dockerfile.Piece{{Line: 1}}}, {File: x + "b", Line: 1}},
		Proof: &bot.Proof{
			From: image, To: image, Platforms: []string{x, x},
			Opinion: opinion, Others: []bot.Opinion{opinion, rejecting, failing},
		},
	}
}

// github reads and writes Markdown as GitHub does, before it takes out what is dangerous.
var github = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(renderer.WithUnsafe()))

// skeleton is the structure of a text without its words; links to advisories, which depend on them, count as words.
func skeleton(markdown string) []string {
	source := []byte(markdown)
	var nodes []string
	for line := range strings.Lines(markdown) {
		if strings.HasPrefix(line, "|") {
			nodes = append(nodes, strings.Repeat("|", strings.Count(line, "|"))) // parsers leave out the cells that are too many
		}
	}
	_ = ast.Walk(github.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		step := "+" + n.Kind().String()
		if !entering {
			step = "-" + n.Kind().String()
		}
		switch n := n.(type) {
		case *ast.Text, *ast.String:
			return ast.WalkContinue, nil
		case *ast.Link:
			if strings.HasPrefix(string(n.Destination), "https://nvd.nist.gov/") {
				return ast.WalkContinue, nil
			}
		case *ast.RawHTML:
			tag := string(n.Segments.Value(source))
			if tag == "<span>" || tag == "</span>" {
				return ast.WalkContinue, nil
			}
			step += tag
		case *ast.HTMLBlock:
			step += tags.ReplaceAllString(string(n.Lines().Value(source)), ">…<")
		case *ast.CodeSpan:
			nodes = append(nodes, step)
			return ast.WalkSkipChildren, nil
		}
		nodes = append(nodes, step)
		return ast.WalkContinue, nil
	})
	return nodes
}

// tags is what stands between tags.
var tags = regexp.MustCompile(`>[^<>]*<(?:span>\$</span>[^<>]*<)*`)

// notProse is code, dollars that mean no formula, and tags.
var notProse = regexp.MustCompile(`(?s)<code>.*?</code>|<span>\$</span>|<[^>]*>`)

// prose is what people read of a page, but for code.
func prose(markdown string) string {
	var page strings.Builder
	_ = github.Convert([]byte(markdown), &page) // a strings.Builder takes everything
	return html.UnescapeString(notProse.ReplaceAllString(page.String(), " "))
}

// unseen returns the first character that is not seen, apart from the joiner that we set ourselves.
func unseen(s string) string {
	for _, r := range s {
		if r != '\n' && r != '\u2060' && r != '\u00a0' && (!unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r)) {
			return string(r)
		}
	}
	return ""
}
