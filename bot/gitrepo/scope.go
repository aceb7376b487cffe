package gitrepo

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxRules bounds a file of ignore rules, in bytes.
const maxRules = 1 << 20

// scope is what is known of a folder before it is listed. The zero scope is a folder outside every checkout: nothing is ignored.
type scope struct {
	repo    *checkout // nil outside a checkout
	at      string    // the folder, relative to the checkout's top; "" for the top
	rules   rules     // of the folders above, the weakest first
	ignored bool      // only tracked files count here
}

// enclosing returns the scope of a folder from the checkout around it, if there is one and it does not ignore the folder.
func enclosing(folder string) (scope, error) {
	top := folder
	for !isCheckout(top) {
		parent := filepath.Dir(top)
		if parent == top {
			return scope{}, nil
		}
		top = parent
	}
	in := newScope(top)
	if top == folder {
		return in, nil
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return in, err
	}
	defer root.Close()
	inner, err := filepath.Rel(top, folder)
	if err != nil {
		return in, err
	}
	for name := range strings.SplitSeq(filepath.ToSlash(inner), "/") {
		if in, err = in.withFile(root, path.Join(in.at, ignoreName)); err != nil && !os.IsNotExist(err) {
			return in, err
		}
		if in = in.below(name); in.ignored {
			return scope{}, nil
		}
	}
	return in, nil
}

// newScope returns the scope of a checkout's top folder.
func newScope(top string) scope {
	repo := openCheckout(top)
	return scope{repo: repo, rules: append(userRules(), repo.excludes()...)}
}

// withFile adds the rules of an ignore file, which is root's own view of the one in the scope's folder.
func (s scope) withFile(root *os.Root, name string) (scope, error) {
	data, err := readRegular(root, name, maxRules)
	if err != nil {
		return s, err
	}
	s.rules = append(s.rules[:len(s.rules):len(s.rules)], parseRules(s.at, data)...)
	return s, nil
}

// below returns the scope of a folder in the scope's folder.
func (s scope) below(name string) scope {
	s.at = path.Join(s.at, name)
	s.ignored = s.ignored || s.rules.ignore(s.at, true)
	return s
}

// wanted reports whether the folder can hold files to list.
func (s scope) wanted() bool { return !s.ignored || s.repo.tracks(s.at+"/") }

// lists reports whether a file in the scope's folder is to be listed.
func (s scope) lists(name string) bool {
	file := path.Join(s.at, name)
	return !s.ignored && !s.rules.ignore(file, false) || s.repo.tracks(file)
}
