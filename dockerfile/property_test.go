package dockerfile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// author writes a random Dockerfile and knows the images that it put there.
type author struct {
	*rand.Rand
	eol    string
	args   strings.Builder // before the first FROM
	body   strings.Builder
	serial int
	want   []string // canonical images, in the order of the instructions
}

func (a *author) pick(of ...string) string { return of[a.IntN(len(of))] }

// image invents an image; short is how it is written, full its canonical form.
func (a *author) image() (name, tag, full string) {
	name = a.pick("debian", "library/node", "acme/base", "ghcr.io/acme/app", "localhost:5000/x/y", "localhost/z", "[::1]:5000/q", "index.docker.io/acme/w")
	canonical := map[string]string{
		"debian": "docker.io/library/debian", "library/node": "docker.io/library/node", "acme/base": "docker.io/acme/base", "index.docker.io/acme/w": "docker.io/acme/w",
	}
	full = name
	if long, ok := canonical[name]; ok {
		full = long
	}
	tag = a.pick("12", "3.18.1", "18-alpine", "v2", "1.2.3-rc.1", "bookworm-slim")
	return name, tag, full + ":" + tag
}

// arg defines a global ARG in some spelling and returns a use of it.
func (a *author) arg(value string) string {
	a.serial++
	name := fmt.Sprintf("V%d", a.serial)
	switch a.IntN(9) {
	case 0:
		fmt.Fprintf(&a.args, "ARG %s=%s%s", name, value, a.eol)
	case 1:
		fmt.Fprintf(&a.args, "arg   %s=\"%s\" OTHER%d%s", name, value, a.serial, a.eol)
	case 2:
		fmt.Fprintf(&a.args, "ARG DECOY%d='x y' \\%s# comment%s  %s='%s'%s", a.serial, a.eol, a.eol, name, value, a.eol)
	case 3:
		fmt.Fprintf(&a.args, "ARG %sIN=%s%sARG %s=${%sIN}%s", name, value, a.eol, name, name, a.eol)
	case 4:
		return "${" + name + ":-" + value + "}"
	case 5:
		fmt.Fprintf(&a.args, "ARG %s=old%sARG %s=%s%s", name, a.eol, name, value, a.eol)
	case 6:
		fmt.Fprintf(&a.args, "ARG %s=^%s%s", name, value, a.eol)
		return "${" + name + "#^}"
	case 7:
		fmt.Fprintf(&a.args, "ARG %s=set%s", name, a.eol)
		return "${" + name + a.pick(":+", "+") + value + "}"
	case 8:
		fmt.Fprintf(&a.args, "ARG %s=%s", name, a.eol)
		return "${" + name + ":-${NONE" + a.pick("-", ":-") + value + "}}"
	}
	return a.pick("$", "${") + name
}

// close completes a use of arg.
func closed(use string) string {
	if strings.HasPrefix(use, "${") && !strings.HasSuffix(use, "}") {
		return use + "}"
	}
	return use
}

// operand writes an image as a FROM operand.
func (a *author) operand(name, tag string) string {
	middle := a.IntN(len(tag))
	out := name + ":" + tag
	switch a.IntN(6) {
	case 0:
		out = name + ":" + closed(a.arg(tag))
	case 1:
		out = closed(a.arg(name + ":" + tag))
	case 2:
		use := closed(a.arg(tag[:middle+1]))
		if !strings.HasSuffix(use, "}") {
			use = "\"" + use + "\"" // what follows must not lengthen the name
		}
		out = name + ":" + use + tag[middle+1:]
	case 3:
		out = closed(a.arg(name)) + ":" + tag[:middle] + "\\" + a.eol + tag[middle:]
	}
	if a.IntN(4) == 0 && !strings.Contains(out, "\"") {
		out = "\"" + out + "\""
	}
	return out
}

// decoy writes what is no reference.
func (a *author) decoy() {
	lines := a.pick(
		"RUN <<EOF\nFROM users:1\nCOPY --from=no:1 a b\nEOF", "# FROM old:1", "RUN echo \\\n# FROM no:1\n FROM no:2", "COPY --from=0 /a /b", "COPY --from=s0 /a /b",
		"COPY <<-'A B' /x\nFROM no:3\n\tA B", "LABEL from=\"FROM no:4\"",
		"# check=skip=all\nRUN true", "FROM s0", "FROM S0", "ONBUILD RUN echo FROM no:5", "RUN cat <<A <<\"B\"\nFROM no:6\nA\nFROM $V1\nB",
		"", "ENV X=1 \\\n\n  Y=2", "ARG V1=other", "RUN --mount=from=S0,target=/x true",
	)
	a.body.WriteString(strings.ReplaceAll(lines, "\n", a.eol) + a.eol)
}

// dockerfile writes a whole file.
func (a *author) dockerfile() string {
	for stage := range 1 + a.IntN(4) {
		name, tag, full := a.image()
		a.want = append(a.want, full)
		fmt.Fprintf(&a.body, "%s %s%s %s S%d%s", a.pick("FROM", "from", "  From"), a.pick("", "--platform=$BUILDPLATFORM "), a.operand(name, tag), a.pick("AS", "as"), stage, a.eol)
		for range a.IntN(4) {
			a.decoy()
		}
		if a.IntN(2) == 0 {
			name, tag, full := a.image()
			a.want = append(a.want, full)
			fmt.Fprintf(&a.body, a.pick("COPY --from=%s /a /b%s", "COPY --link --chown=$U:$G --from='%s' /a /b%s", "RUN --mount=type=cache,target=/x --mount=type=bind,from=%s,target=/y true%s",
				"RUN --network=none --mount=from=%s,target=/y \\\n true%s"), name+":"+tag, a.eol)
		}
	}
	return a.pick("", "\ufeff") + a.pick("", "# check=skip=all"+a.eol) + a.args.String() + strings.TrimSuffix(a.body.String(), a.pick("", a.eol))
}

// TestRandomFiles renders Dockerfiles with known truth, and reads and edits them.
func TestRandomFiles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		a := &author{Rand: rand.New(rand.NewPCG(seed, 7))}
		a.eol = a.pick("\n", "\r\n")
		file := a.dockerfile()
		e := Extract("Dockerfile", []byte(file))
		var got []string
		for _, ref := range e.References {
			got = append(got, full(ref))
		}
		if diff := cmp.Diff(a.want, got); diff != "" || len(e.Skipped) > 0 {
			t.Fatalf("seed %d: %s\nskipped: %v\n%s", seed, diff, e.Skipped, file)
		}
		sound(t, []byte(file), e)
		agree(t, []byte(file), e)
		roundTrip(t, []byte(file), e)
		a.retag(t, file, e)
	}
}

// retag moves one reference to another tag; nothing else may change.
func (a *author) retag(t *testing.T, file string, e Extraction) {
	t.Helper()
	n := a.IntN(len(e.References))
	moves := make([]Move, len(e.References))
	for i, ref := range e.References {
		moves[i] = Move{Reference: ref}
	}
	moves[n].Tag = strings.Replace(moves[n].Reference.Tag, "1", "44", 1) + "x"
	edits, rejected := Edits(moves)
	out, err := Apply([]byte(file), edits)
	if err != nil || len(rejected) > 0 {
		t.Fatalf("%v, %v\n%s", err, rejected, file)
	}
	for i, ref := range Extract("Dockerfile", out).References {
		want := e.References[i].Tag
		if i == n {
			want = moves[n].Tag
		}
		if ref.Tag != want || ref.Image != e.References[i].Image {
			t.Errorf("reference %d became %s, not %s:\n%s", i, full(ref), want, out)
		}
	}
}
