package trivy

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/process"
)

const maxAnswer = 64 << 20

// quiet are settings that keep Trivy from asking its vendor's hosts. They are variables because programs too old to know one ignore it.
var quiet = []string{"TRIVY_SKIP_VERSION_CHECK=true", "TRIVY_DISABLE_TELEMETRY=true", "TRIVY_SKIP_VEX_REPO_UPDATE=true"}

// matching are the arguments of every run that matches packages. The cache of layers is not kept: reports are, and a cache on disk is
// locked by one run at a time.
func (s *Scanner) matching(command string) []string {
	args := []string{
		command, "--quiet", "--no-progress", "--format=json", "--scanners=vuln", "--offline-scan", "--skip-java-db-update",
		"--cache-backend=memory", "--cache-dir=" + s.options.CacheDir, "--timeout=" + s.options.Timeout.String(),
	}
	if s.options.Server != "" {
		return append(args, "--server="+s.options.Server)
	}
	return append(args, "--skip-db-update")
}

func (s *Scanner) imageArgs(target scan.Target) []string {
	args := append(s.matching("image"), "--image-src=remote", "--list-all-pkgs")
	if target.Platform != "" {
		args = append(args, "--platform="+target.Platform)
	}
	if target.Access.Insecure {
		args = append(args, "--insecure")
	}
	if target.Access.Username != "" {
		args = append(args, "--password-stdin")
	}
	return append(args, target.Access.Repository+"@"+target.Digest)
}

// run runs Trivy with the credentials of one registry, or none. The password goes through standard input: in a variable, Trivy would
// take a comma or a space in it for the end of one password and the start of another.
func (s *Scanner) run(ctx context.Context, folder *process.Folder, args []string, access scan.Access) ([]byte, error) {
	p := process.Program{
		Command: s.options.Command, Args: args, Env: append([]string{}, quiet...), Secrets: []string{access.Password, access.Token, s.options.Token},
		Timeout: s.options.Timeout, MaxOutput: maxAnswer,
	}
	if access.Username != "" {
		p.Env, p.Stdin = append(p.Env, "TRIVY_USERNAME="+access.Username), access.Password
	}
	if access.Token != "" {
		p.Env = append(p.Env, "TRIVY_REGISTRY_TOKEN="+access.Token)
	}
	if s.options.Token != "" {
		p.Env = append(p.Env, "TRIVY_TOKEN="+s.options.Token)
	}
	answer, err := process.Run(ctx, p, folder)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", s.options.Command, err)
	}
	return answer, nil
}

// match runs Trivy with the databases as they are.
func (s *Scanner) match(ctx context.Context, folder *process.Folder, args []string, access scan.Access) ([]byte, error) {
	s.using.RLock()
	defer s.using.RUnlock()
	return s.run(ctx, folder, args, access)
}

// runAlone runs Trivy in a folder of its own, without credentials.
func (s *Scanner) runAlone(ctx context.Context, args ...string) ([]byte, error) {
	folder, err := process.NewFolder(os.Getenv)
	if err != nil {
		return nil, err
	}
	answer, err := s.run(ctx, folder, args, scan.Access{})
	if closing := folder.Close(); err == nil {
		err = closing
	}
	return answer, err
}

// program remembers the version of the program that was last looked at.
type program struct {
	mu       sync.Mutex
	path     string
	changed  time.Time
	size     int64
	reported string
}

// version asks the program for its version, once for each program that is put in its place.
func (s *Scanner) version(ctx context.Context) (string, error) {
	path, err := process.Find(s.options.Command)
	if err != nil {
		return "", err
	}
	file, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	p := &s.program
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.path == path && p.changed.Equal(file.ModTime()) && p.size == file.Size() {
		return p.reported, nil
	}
	answer, err := s.runAlone(ctx, "version", "--format=json", "--quiet")
	if err != nil {
		return "", err
	}
	var told struct{ Version string }
	if err := json.Unmarshal(answer, &told); err != nil || told.Version == "" {
		return "", &fault.Error{Class: fault.Permanent, Err: fmt.Errorf("%s does not tell its version: is it Trivy?", s.options.Command)}
	}
	p.path, p.changed, p.size, p.reported = path, file.ModTime(), file.Size(), told.Version
	return told.Version, nil
}
