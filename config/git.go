package config

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
)

// Git is work on Git servers that are no GitHub: what is proposed there are branches, for Git has no pull requests.
type Git struct {
	Author     string      `yaml:"author" doc:"Who commits: NAME <EMAIL>."`
	SigningKey Secret      `yaml:"signing_key" secret:"the signing key" doc:"Signs commits: an OpenPGP (armored) or OpenSSH private key without a passphrase."`
	Remotes    []GitRemote `yaml:"remotes" doc:"The repositories."`
}

// Identity is the author's name and mail address.
func (g Git) Identity() (name, email string) {
	address, err := mail.ParseAddress(g.Author)
	if err != nil {
		return "", ""
	}
	return address.Name, address.Address
}

// GitRemote is one repository on a Git server.
type GitRemote struct {
	URL        string `yaml:"url" required:"true" doc:"https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH; without a password."`
	Branch     string `yaml:"branch" doc:"The branch to look after. Default: the one that the server shows first."`
	Username   string `yaml:"username" doc:"User name for HTTPS."`
	Password   Secret `yaml:"password" secret:"the Git password" doc:"Password or access token for HTTPS."`
	SSHKey     Secret `yaml:"ssh_key" secret:"the SSH key" doc:"Private key for SSH, without a passphrase."`
	KnownHosts Path   `yaml:"known_hosts" doc:"The hosts' keys. Default: the user's own known_hosts."`
}

// envKey names the remote in environment variables by its address, so that reordering the list cannot send a password elsewhere.
func (r GitRemote) envKey() string { return r.URL }

func (g Git) validate(d *decoder) {
	if name, email := g.Identity(); name == "" || email == "" {
		d.problemAt("git.author", "git.author: expected NAME <EMAIL>, got "+quote(g.Author))
	}
	seen := map[string]bool{}
	for i, remote := range g.Remotes {
		path := fmt.Sprintf("git.remotes[%d]", i)
		if seen[remote.URL] {
			d.problemAt(path+".url", path+".url: it is given twice")
			continue
		}
		remote.validate(d, path)
		seen[remote.URL] = true
	}
}

// validate does not show the address, which may hold a password.
func (r GitRemote) validate(d *decoder, path string) {
	parsed, err := url.Parse(r.URL)
	http := err == nil && (parsed.Scheme == "https" || parsed.Scheme == "http")
	ssh := !http && (err == nil && parsed.Scheme == "ssh" || !strings.Contains(r.URL, "://") && strings.Contains(r.URL, ":"))
	switch {
	case err == nil && parsed.User != nil && hasPassword(parsed.User):
		d.problemAt(path+".url", path+".url: give the password as password_file, not in the address")
	case !http && !ssh:
		d.problemAt(path+".url", path+".url: expected https://HOST/PATH, ssh://USER@HOST/PATH or USER@HOST:PATH")
	case ssh && (r.Username != "" || !r.Password.IsZero()):
		d.problemAt(path+".url", path+".url: username and password are for HTTPS; give ssh_key_file, and the user in the address")
	case http && (!r.SSHKey.IsZero() || r.KnownHosts != ""):
		d.problemAt(path+".url", path+".url: ssh_key and known_hosts are for SSH; give username and password_file")
	case r.Username == "" && !r.Password.IsZero():
		d.problemAt(path+".url", path+": a password without a user name; give username")
	case r.Username != "" && r.Password.IsZero():
		d.problemAt(path+".username", path+".username: the password is missing; give password_file")
	}
}

func hasPassword(user *url.Userinfo) bool {
	_, ok := user.Password()
	return ok
}
