package gitrepo

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// maxIndex bounds a checkout's index, in bytes: a million entries have about half of it.
const maxIndex = 256 << 20

// checkout is what Git keeps about a work tree. It is only asked about ignored files, so what it cannot read it leaves out: then
// an ignored file counts as ignored even if it is tracked.
type checkout struct {
	gitDir string
	index  func() map[string]bool // tracked files, and the folders above them with a final slash
}

func isCheckout(top string) bool {
	_, ok := gitDir(top)
	return ok
}

// gitDir returns where Git keeps the data of the checkout with the given top folder.
func gitDir(top string) (string, bool) {
	dir := filepath.Join(top, gitName)
	info, err := os.Lstat(dir)
	if err != nil {
		return "", false
	}
	if info.Mode().IsRegular() { // of a submodule or a further work tree
		var link string
		if link, err = readLine(top, gitName, "gitdir: "); err != nil {
			return "", false
		}
		dir = filepath.FromSlash(link)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(top, dir)
		}
	}
	_, err = os.Lstat(filepath.Join(dir, "HEAD"))
	return dir, err == nil
}

func openCheckout(top string) *checkout {
	dir, _ := gitDir(top)
	return &checkout{gitDir: dir, index: sync.OnceValue(func() map[string]bool { return readIndex(dir) })}
}

// tracks reports whether the index has a file, or, for a name that ends in a slash, a file somewhere in that folder.
func (c *checkout) tracks(name string) bool { return c.index()[name] }

// excludes are the checkout's own rules that are not in its tree.
func (c *checkout) excludes() rules {
	common := c.gitDir
	if link, err := readLine(c.gitDir, "commondir", ""); err == nil {
		common = filepath.Join(c.gitDir, filepath.FromSlash(link))
	}
	return rulesAt(filepath.Join(common, "info"), "exclude")
}

// userRules are the user's, for all their checkouts.
func userRules() rules {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil
	}
	file := filepath.Join(home, ".config", "git", "ignore")
	if dir := os.Getenv("XDG_CONFIG_HOME"); dir != "" {
		file = filepath.Join(dir, "git", "ignore")
	}
	if user, err := config.LoadConfig(config.GlobalScope); err == nil {
		if own := user.Raw.Section("core").Option("excludesfile"); own != "" {
			file = own
		}
	}
	if inner, ok := strings.CutPrefix(file, "~/"); ok {
		file = filepath.Join(home, inner)
	}
	return rulesAt(filepath.Split(file))
}

func rulesAt(dir, name string) rules {
	data, err := readAt(dir, name, maxRules)
	if err != nil {
		return nil
	}
	return parseRules("", data)
}

func readIndex(dir string) map[string]bool {
	data, err := readAt(dir, "index", maxIndex)
	if err != nil {
		return nil
	}
	var parsed index.Index
	if err := index.NewDecoder(bytes.NewReader(data)).Decode(&parsed); err != nil {
		return nil
	}
	tracked := make(map[string]bool, len(parsed.Entries))
	for _, entry := range parsed.Entries {
		tracked[entry.Name] = true
		for dir := path.Dir(entry.Name); dir != "." && !tracked[dir+"/"]; dir = path.Dir(dir) {
			tracked[dir+"/"] = true
		}
	}
	return tracked
}

// readLine returns what follows the prefix in a file of one line.
func readLine(dir, name, prefix string) (string, error) {
	data, err := readAt(dir, name, 4096)
	if err != nil {
		return "", err
	}
	line, ok := strings.CutPrefix(strings.TrimRight(string(data), "\r\n"), prefix)
	if !ok {
		return "", os.ErrInvalid
	}
	return line, nil
}

func readAt(dir, name string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return readRegular(root, name, limit)
}
