package process

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// inherited are the variables that a program needs to find other programs and to reach the network as the operator has set it up.
var inherited = []string{
	"PATH", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
}

// Folder is the place of one scan: what its programs write goes there, and goes away with it.
type Folder struct {
	path   string
	getenv func(string) string
}

// NewFolder makes a folder. Its programs inherit from getenv what they cannot do without.
func NewFolder(getenv func(string) string) (*Folder, error) {
	path, err := os.MkdirTemp(getenv("TMPDIR"), "basebump-scan-")
	if err != nil {
		return nil, fmt.Errorf("make temporary folder: %w", err)
	}
	return &Folder{path: path, getenv: getenv}, nil
}

// Path is where a file of that name lies.
func (f *Folder) Path(name string) string { return filepath.Join(f.path, name) }

// Read returns the content of a file that a program wrote, of a bounded size.
func (f *Folder) Read(name string, max int64) ([]byte, error) {
	file, err := os.OpenInRoot(f.path, name)
	if err != nil {
		return nil, fmt.Errorf("read what the program wrote: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, max+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what the program wrote: %w", err)
	case int64(len(data)) > max:
		return nil, fmt.Errorf("read what the program wrote: %s is larger than %d MiB", name, max>>20)
	}
	return data, nil
}

// Close removes the folder and all that is in it.
func (f *Folder) Close() error {
	if err := os.RemoveAll(f.path); err == nil {
		return nil
	}
	// A folder that may not be written to keeps its files: images are full of them.
	_ = filepath.WalkDir(f.path, func(path string, entry fs.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return nil
	})
	if err := os.RemoveAll(f.path); err != nil {
		return fmt.Errorf("remove temporary folder: %w", err)
	}
	return nil
}

func (f *Folder) env() []string {
	env := []string{"HOME=" + f.path, "TMPDIR=" + f.path}
	for _, name := range inherited {
		if value := f.getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
