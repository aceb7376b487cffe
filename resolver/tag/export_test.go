package tag

func BuiltinJSON() []byte { return linesJSON }

func CompareLines(a, b string) int {
	order, _, _ := compareNumbers(a, b)
	return order
}

// Parts renders how a tag was read: kind:text, with the fixed text between.
func Parts(raw string) (parts []string, joined string) {
	var t parsed
	t.read(raw, Builtin())
	names := [...]string{"text", "version", "named", "distro", "build", "date", "hash"}
	for _, p := range t.all() {
		text := names[p.kind] + ":" + p.text
		if p.pre != "" {
			text += "~" + p.pre
		}
		parts = append(parts, text)
	}
	return parts, t.raw
}

// Rebuilt puts a tag together from its parts; a separator before a prerelease is not kept by them.
func Rebuilt(raw string) string {
	var t parsed
	t.read(raw, Builtin())
	out := ""
	for _, p := range t.all() {
		out += p.lead + p.text + p.pre
	}
	return out
}
