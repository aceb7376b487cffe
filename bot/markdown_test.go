package bot_test

import (
	"strings"
	"testing"

	"github.com/basebump/basebump/bot"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	const joiner = "\u2060"
	for _, tc := range []struct{ text, want string }{
		{"3.0.20-1~deb12u2", `3.0.20-1\~deb12u2`},
		{"1:2.36.1-8+deb11u2", "1:2.36.1-8+deb11u2"},
		{"Debian GNU/Linux 12 (bookworm)", "Debian GNU/Linux 12 (bookworm)"},
		{"a|b\\|c", "a&#124;b&#92;&#124;c"},
		{"`x` *y* _z_", "&#96;x&#96; \\*y\\* \\_z\\_"},
		{"[x](javascript:y)", `\[x\](javascript:y)`},
		{"<img onerror> &lt; -->", "&lt;img onerror&gt; &amp;lt; --&gt;"},
		{"@everyone", "@" + joiner + "everyone"},
		{"@babel/core", "@" + joiner + "babel/core"},
		{"fixes #12, acme/app#3 and GH-4", "fixes \\#" + joiner + "12, acme/app\\#" + joiner + "3 and G" + joiner + "H-4"},
		{"https://evil.example", "https:" + joiner + "//evil.example"},
		{"see www.evil.example", "see w" + joiner + "ww.evil.example"},
		{":tada: 09:00:00", ":" + joiner + "tada: 09:00:00"},
		{"$x$", "<span>$</span>x<span>$</span>"},
		{" a\r\nb\tc\u2028d ", "a  b c d"},
		{"\u202e\u2066\u200b\u200d\u2060\ufeff\u00ad\u3164\ufe0f\U000e0041\x00\x1b", strings.Repeat("�", 12)},
		{"\xff", "�"},
		{"e\u0301", "e\u0301"},
		{"e" + strings.Repeat("\u0301", 9), "e" + strings.Repeat("\u0301", 3) + strings.Repeat("�", 6)},
		{strings.Repeat("x", 300), strings.Repeat("x", 256) + "…"},
		{"", ""},
	} {
		if got := bot.Escape(tc.text); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestCode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"Dockerfile:3", "`Dockerfile:3`"},
		{"@everyone ``|`` \\", "`@everyone ''¦'' \\`"},
		{"a\n\nb", "`a  b`"},
		{"<!-- basebump?key=x -->", "`<!\u2060-- basebump?key=x -->`"},
		{"\u202egnp.exe", "`�gnp.exe`"},
		{"  ", ""},
		{"", ""},
	} {
		if got := bot.Code(tc.text); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestWebAddress(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"https://nvd.nist.gov/vuln/detail/CVE-2026-1?x=1&y=2", "https://nvd.nist.gov/vuln/detail/CVE-2026-1?x=1&y=2"},
		{"https://github.com/acme/app/issues/1", "https://redirect.github.com/acme/app/issues/1"},
		{"http://nvd.nist.gov/", ""},
		{"javascript:alert(1)", ""},
		{"JAVASCRIPT://nvd.nist.gov/%0aalert", ""},
		{"https:nvd.nist.gov", ""},
		{"https://nvd.nist.gov@evil.example/", ""},
		{"https://nvd.nist.gov/) [x](https://evil.example", ""},
		{"https://nvd.nist.gov/\"onclick=\"x", ""},
		{"https://nvd.nist.gov/a|b", ""},
		{"https://nvd.nist.gov/\u202e", ""},
		{"https://nvd.nist.gov/\n", ""},
		{"https://nvd.nist.gov/" + strings.Repeat("x", 1024), ""},
		{"", ""},
	} {
		if got := bot.WebAddress(tc.text); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.text, got, tc.want)
		}
	}
}

func TestCompareLink(t *testing.T) {
	t.Parallel()
	const (
		repository = "https://github.com/acme/base_image"
		old, new   = "0123456789abcdef0123456789abcdef01234567", "89abcdef0123456789abcdef0123456789abcdef"
		link       = `[changes in acme/base\_image](https://github.com/acme/base_image/compare/` + old + "..." + new + ")"
	)
	for name, tc := range map[string]struct{ source, otherSource, from, to, want string }{
		"plain":              {repository, repository, old, new, link},
		"clone address":      {repository + ".git", repository, old, new, link},
		"with a place in it": {repository + ".git#" + old + ":12/slim", repository + "/", old, new, link},
		"short revisions":    {repository, repository, old[:7], new[:7], strings.NewReplacer(old, old[:7], new, new[:7]).Replace(link)},
		"no label":           {"", "", old, new, ""},
		"same revision":      {repository, repository, old, old, ""},
		"one revision":       {repository, repository, "", new, ""},
		"another repository": {repository, "https://github.com/evil/base", old, new, ""},
		"no commit":          {repository, repository, old, "main...evil:x", ""},
		"GitLab, in a group": {
			"https://gitlab.com/acme/os/base", "https://gitlab.com/acme/os/base.git", old, new,
			"[changes in acme/os/base](https://gitlab.com/acme/os/base/-/compare/" + old + "..." + new + ")",
		},
		"Codeberg": {
			"https://codeberg.org/acme/base", "https://codeberg.org/acme/base", old, new,
			"[changes in acme/base](https://codeberg.org/acme/base/compare/" + old + "..." + new + ")",
		},
		"Bitbucket": {
			"https://bitbucket.org/acme/base", "https://bitbucket.org/acme/base", old, new,
			"[changes in acme/base](https://bitbucket.org/acme/base/branches/compare/" + new + "%0D" + old + ")",
		},
		"another forge's":        {"https://gitlab.com/acme/base", repository, old, new, ""},
		"no forge that we know":  {"https://git.evil.example/acme/base", "https://git.evil.example/acme/base", old, new, ""},
		"a name alone":           {"https://gitlab.com/acme", "https://gitlab.com/acme", old, new, ""},
		"not https":              {"http://github.com/acme/base", "http://github.com/acme/base", old, new, ""},
		"a user in front":        {"https://github.com@evil.example/a/b", "https://github.com@evil.example/a/b", old, new, ""},
		"another port":           {"https://github.com:8443/acme/base", "https://github.com:8443/acme/base", old, new, ""},
		"a query":                {repository + "?x=1", repository + "?x=1", old, new, ""},
		"a path below":           {repository + "/issues/1", repository + "/issues/1", old, new, ""},
		"dots for a name":        {"https://github.com/acme/..", "https://github.com/acme/..", old, new, ""},
		"an end of the link":     {repository + ")[x](https://evil.example)", repository + ")[x](https://evil.example)", old, new, ""},
		"an end of line":         {repository, repository, old, new + "\n", ""},
		"an encoded end of line": {repository + "%0a", repository + "%0a", old, new, ""},
	} {
		bump := bot.Bump{Proof: &bot.Proof{}}
		bump.Proof.From.Labels = labels(tc.source, tc.from)
		bump.Proof.To.Labels = labels(tc.otherSource, tc.to)
		if got := bot.CompareLink(bump); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

func labels(source, revision string) map[string]string {
	return map[string]string{"org.opencontainers.image.source": source, "org.opencontainers.image.revision": revision}
}
