package main

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	gitssh "github.com/go-git/go-git/v5/plumbing/transport/ssh"

	"github.com/basebump/basebump/bot/gitrepo"
	"github.com/basebump/basebump/config"
)

// newRemotes makes the configured repositories on other Git servers. Their copies are kept in the state folder.
func newRemotes(c config.Git, state string) ([]*gitrepo.Remote, error) {
	var sign gitrepo.Signer
	if !c.SigningKey.IsZero() {
		var err error
		if sign, err = gitrepo.NewSigner([]byte(c.SigningKey.Reveal() + "\n")); err != nil {
			return nil, fmt.Errorf("read the signing key: %w", err)
		}
	}
	name, email := c.Identity()
	var remotes []*gitrepo.Remote
	for i, r := range c.Remotes {
		auth, err := gitAuth(r)
		if err != nil {
			return nil, fmt.Errorf("read git.remotes[%d]: %w", i, err)
		}
		remote, err := gitrepo.NewRemote(gitrepo.RemoteOptions{
			URL: r.URL, Branch: r.Branch, Folder: filepath.Join(state, "git"), Auth: auth,
			Author: gitrepo.Identity{Name: name, Email: email}, Sign: sign, Now: time.Now,
		})
		if err != nil {
			return nil, err
		}
		remotes = append(remotes, remote)
	}
	return remotes, nil
}

// gitAuth is nil for a server that asks for nothing.
func gitAuth(r config.GitRemote) (transport.AuthMethod, error) {
	if !r.Password.IsZero() {
		return &githttp.BasicAuth{Username: r.Username, Password: r.Password.Reveal()}, nil
	}
	if r.SSHKey.IsZero() {
		return nil, nil
	}
	key, err := gitssh.NewPublicKeys(sshUser(r.URL), []byte(r.SSHKey.Reveal()+"\n"), "")
	if err != nil {
		return nil, fmt.Errorf("ssh_key: %w", err)
	}
	if r.KnownHosts != "" {
		if key.HostKeyCallback, err = gitssh.NewKnownHostsCallback(string(r.KnownHosts)); err != nil {
			return nil, fmt.Errorf("known_hosts: %w", err)
		}
	}
	return key, nil
}

// sshUser is the user in an address: "git" where it names none.
func sshUser(address string) string {
	if parsed, err := url.Parse(address); err == nil && parsed.User != nil {
		return parsed.User.Username()
	}
	if user, _, ok := strings.Cut(address, "@"); ok && !strings.Contains(user, "/") {
		return user
	}
	return "git"
}
