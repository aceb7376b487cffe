package config

import (
	"errors"
	"path"
	"path/filepath"
)

// Check validates one file as Load does, or as ParseRepository does when it lies where a repository's configuration lies, and returns
// what is worth a person's attention besides.
func Check(file string, env func(string) string) (warnings []Problem, err error) {
	slashed := filepath.ToSlash(file)
	switch path.Base(path.Dir(slashed)) + "/" + path.Base(slashed) {
	case RepositoryFile:
	case ".github/basebump.yml":
		return nil, unreadable(file, errors.New("a repository's configuration is called "+RepositoryFile), "rename it")
	default:
		loaded, err := Load(file, env)
		return loaded.Warnings, err
	}
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	_, err = ParseRepository(file, data)
	return nil, err
}
