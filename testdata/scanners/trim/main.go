// Command trim makes a recorded answer small: it copies JSON and leaves out, wherever they are, the members with the given names, and the
// elements of lists that have a member of that value.
//
//	go run ./testdata/scanners/trim NAME... NAME=VALUE... < answer.json > recorded.json
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
)

func main() {
	if err := trim(os.Stdin, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "trim:", err)
		os.Exit(1)
	}
}

func trim(in io.Reader, out io.Writer, names []string) error {
	decoder := json.NewDecoder(in)
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(without(value, names))
}

func without(value any, names []string) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			if slices.Contains(names, name) {
				delete(v, name)
				continue
			}
			v[name] = without(member, names)
		}
	case []any:
		v = slices.DeleteFunc(v, func(element any) bool { return marked(element, names) })
		for i := range v {
			v[i] = without(v[i], names)
		}
		return v
	}
	return value
}

func marked(element any, names []string) bool {
	object, _ := element.(map[string]any)
	for name, value := range object {
		if text, ok := value.(string); ok && slices.Contains(names, name+"="+text) {
			return true
		}
	}
	return false
}
