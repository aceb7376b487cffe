package main

import (
	"bytes"
	"encoding/json"

	"github.com/basebump/basebump/resolver/tag"
)

// render writes one row a line, so that a renewal reads well as a diff.
func render(data *tag.Data) []byte {
	var out bytes.Buffer
	out.WriteString("{\n  \"sources\": [\n")
	rows(&out, "    ", data.Sources)
	out.WriteString("  ],\n  \"products\": [\n")
	for i, product := range data.Products {
		lines := product.Lines
		head := *product
		head.Lines = nil
		text := row(head)
		out.WriteString("    " + text[:len(text)-1] + ", \"lines\": [\n")
		rows(&out, "      ", lines)
		out.WriteString("    ]}" + comma(i, len(data.Products)))
	}
	out.WriteString("  ],\n  \"moved\": [\n")
	rows(&out, "    ", data.Moved)
	out.WriteString("  ]\n}\n")
	return out.Bytes()
}

func rows[T any](out *bytes.Buffer, indent string, list []T) {
	for i, item := range list {
		out.WriteString(indent + row(item) + comma(i, len(list)))
	}
}

func comma(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
}

// row renders a value of strings and lists of them, with a blank after each colon and comma.
func row(value any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // strings alone always encode
	}
	text := bytes.TrimSpace(out.Bytes())
	text = bytes.ReplaceAll(text, []byte(`":`), []byte(`": `))
	text = bytes.ReplaceAll(text, []byte(`","`), []byte(`", "`))
	return string(bytes.ReplaceAll(text, []byte(`],"`), []byte(`], "`)))
}
