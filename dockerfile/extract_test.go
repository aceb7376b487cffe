package dockerfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// show is an extraction in short: a line for each reference, with its pieces, and for each skipped place.
func show(e Extraction) []string {
	var out []string
	for _, ref := range e.References {
		s := fmt.Sprintf("%d:%d %s %s", ref.Line, ref.Column, ref.Image, ref.Tag)
		if ref.Digest != "" {
			s += "@" + ref.Digest[:min(12, len(ref.Digest))]
		}
		if ref.Platform != "" {
			s += " on " + ref.Platform
		}
		if ref.Stage != "" {
			s += " as " + ref.Stage
		}
		for _, piece := range ref.Pieces {
			if piece.Field != Name {
				s += fmt.Sprintf(" %s=%.12s@%d", piece.Field, piece.Value, piece.Line)
			}
		}
		out = append(out, s)
	}
	for _, skipped := range e.Skipped {
		out = append(out, fmt.Sprintf("skip %d: %s: %s", skipped.Line, skipped.Raw, skipped.Reason))
	}
	return out
}

const someDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// TestExtract states Docker's rules one by one.
func TestExtract(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file string
		want       []string
	}{
		{"plain", "FROM debian:12\n", []string{"1:6 docker.io/library/debian 12 tag=12@1"}},
		{"no tag", "FROM debian", []string{"1:6 docker.io/library/debian latest"}},
		{"digest", "FROM debian@" + someDigest, []string{"1:6 docker.io/library/debian @sha256:01234 digest=sha256:01234@1"}},
		{
			"tag and digest", "FROM debian:12@" + someDigest,
			[]string{"1:6 docker.io/library/debian 12@sha256:01234 tag=12@1 digest=sha256:01234@1"},
		},
		{"any case, indented", "\t fRom  debian:12   aS Base\n", []string{"1:9 docker.io/library/debian 12 as base tag=12@1"}},
		{"byte-order mark", "\ufeffFROM debian:12\n", []string{"1:9 docker.io/library/debian 12 tag=12@1"}},
		{"CRLF", "ARG V=12\r\nFROM debian:${V}\r\n", []string{"2:6 docker.io/library/debian 12 tag=12@1"}},
		{"double quotes", `FROM "debian:12"`, []string{"1:6 docker.io/library/debian 12 tag=12@1"}},
		{"single quotes", `FROM 'debian':12`, []string{"1:6 docker.io/library/debian 12 tag=12@1"}},
		{"escape in a name", `FROM deb\ian:12`, []string{"1:6 docker.io/library/debian 12 tag=12@1"}},
		{"continuation", "FROM \\\n  debian:12", []string{"2:3 docker.io/library/debian 12 tag=12@2"}},
		{
			"comments and blank lines in a continuation", "FROM \\\n# FROM ubuntu:20.04\n\n  --platform=linux/arm64 \\ \t\n debian:1\\\n2",
			[]string{"5:2 docker.io/library/debian 12 on linux/arm64 tag=1@5 tag=2@6"},
		},
		{"backtick escape", "# Escape=`\nFROM `\n debian:12", []string{"3:2 docker.io/library/debian 12 tag=12@3"}},
		{
			"directives in any order", "#check=skip=all\n# escape=`\n#  syntax = docker/dockerfile:1  \nFROM debian:12",
			[]string{"3:13 docker.io/docker/dockerfile 1 tag=1@3", "4:6 docker.io/library/debian 12 tag=12@4"},
		},
		{"a comment ends the directives", "# hello\n# syntax=docker/dockerfile:1\nFROM debian:12", []string{"3:6 docker.io/library/debian 12 tag=12@3"}},
		{
			"heredocs are no Dockerfile", "FROM debian:12\nRUN <<EOF\nFROM users\nEOF\nCOPY <<-'X' /f\nFROM node:18\n\tX\n",
			[]string{"1:6 docker.io/library/debian 12 tag=12@1"},
		},
		{"text in RUN", "FROM debian:12\nRUN psql -c \"select \\\nFROM users\"", []string{"1:6 docker.io/library/debian 12 tag=12@1"}},
		{"scratch", "FROM scratch\nFROM ${X:-scratch}", nil},
		{
			"stages in any case", "FROM golang:1.26 AS Builder\nFROM builder AS b2\nFROM BUILDER\nCOPY --from=BUILDER /a /b\nCOPY --from=0 /a /b\nCOPY --from=Later /a /b\nFROM scratch AS later",
			[]string{"1:6 docker.io/library/golang 1.26 as builder tag=1.26@1"},
		},
		{"a stage only counts from where it is", "FROM debian AS x\nFROM later\nFROM scratch AS later", []string{
			"1:6 docker.io/library/debian latest as x", "2:6 docker.io/library/later latest",
		}},
		{"a stage through an ARG", "ARG BASE=build\nFROM debian:12 AS build\nFROM ${BASE}", []string{"2:6 docker.io/library/debian 12 as build tag=12@2"}},
		{
			"a stage by architecture", "FROM a:1 AS base-amd64\nFROM b:2 AS base-arm64\nFROM base-${TARGETARCH}",
			[]string{"1:6 docker.io/library/a 1 as base-amd64 tag=1@1", "2:6 docker.io/library/b 2 as base-arm64 tag=2@2"},
		},
		{
			"COPY --from", "FROM scratch\nCOPY --chown=$U:$G --exclude=*.md --from=golang:1.26 /a /b\nONBUILD COPY --from='busybox:1' /a /b",
			[]string{"2:42 docker.io/library/golang 1.26 tag=1.26@2", "3:22 docker.io/library/busybox 1 tag=1@3"},
		},
		{"COPY --from is not expanded", "FROM scratch\nCOPY --from=img:$V /a /b", []string{
			"skip 2: img:$V: Docker expands nothing in --from; name the image in a FROM … AS of its own and use that stage",
		}},
		{"a bare --from", "FROM scratch\nCOPY --from=docs /a /b", []string{
			"skip 2: docs: may be a named context or the image docker.io/library/docs; write a tag if it is the image",
		}},
		{
			"every mount", "FROM scratch\nRUN --mount=type=cache,target=/x --mount=type=bind,from=a:1,target=/y \\\n --mount='type=bind,\"FROM=b:2\",target=/z' --mount=from=0,target=/0 true",
			[]string{"2:57 docker.io/library/a 1 tag=1@2", "3:27 docker.io/library/b 2 tag=2@3"},
		},
		{"registries", "FROM localhost/a:1\nFROM localhost:5000/a:1\nFROM r:5000/a\nFROM [::1]:5000/a/b:1\nFROM index.docker.io/library/a:1\nFROM me/a:1", []string{
			"1:6 localhost/a 1 tag=1@1", "2:6 localhost:5000/a 1 tag=1@2", "3:6 r:5000/a latest", "4:6 [::1]:5000/a/b 1 tag=1@4",
			"5:6 docker.io/library/a 1 tag=1@5", "6:6 docker.io/me/a 1 tag=1@6",
		}},
		{"platforms", "ARG P=linux/arm64\nFROM --platform=$BUILDPLATFORM a:1\nFROM --platform=$P a:1", []string{
			"2:32 docker.io/library/a 1 tag=1@2", "3:20 docker.io/library/a 1 on linux/arm64 tag=1@3",
		}},
		{"no image name", "FROM Debian:12", []string{
			`skip 1: Debian:12: "Debian:12" names no image: invalid reference format: repository name (library/Debian) must be lowercase`,
		}},
		{"bad FROM", "FROM a b", []string{"skip 1: FROM a b: FROM requires either one or three arguments"}},
		{"templated", "FROM {{ base }}\nFROM a:1", []string{"2:6 docker.io/library/a 1 tag=1@2", "skip 1: FROM {{ base }}: FROM requires either one or three arguments"}},
		{"bad mount", "FROM scratch\nRUN --mount=from=$X true", []string{
			"skip 2: RUN --mount=from=$X true: 'from' doesn't support variable expansion, define alias stage instead",
		}},
		{"binary", "\x7fELF\x00FROM a", []string{"skip 1: \x7fELF\x00FROM a: is binary, not a Dockerfile"}},
		{"empty", "", []string{"skip 1: : cannot be parsed: file with no instructions"}},
		{"no FROM", "RUN true", []string{"skip 1: RUN true: has no FROM; Docker cannot build it"}},
		{"unparsable", "FROM a\nRUN [1]\nRUN <<EOF\n", []string{"skip 2: RUN [1]: cannot be parsed: when using JSON array syntax, arrays must be comprised of strings only"}},
		{"very long line", "FROM a\n#" + strings.Repeat("x", 1<<16), []string{"skip 1: FROM a: cannot be parsed: dockerfile line greater than max allowed size of 65535"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, show(Extract("Dockerfile", []byte(test.file)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
