package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"embed"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan/grype"
	"github.com/basebump/basebump/testdata/debian12"
)

//go:embed demo_files
var demoFiles embed.FS

// demoWorld is everything that basebump meets, in this process: a registry, a GitHub with one repository, a vulnerability database
// built from Debian's own changelogs. basebump itself is the real one.
type demoWorld struct {
	folder   string // temporary; all state is in it
	host     string // of the registry
	registry *http.Server
	github   *githubtest.Server
	repo     *githubtest.Repo
	digests  []string // of the stages pushed so far
	service  *service
}

const demoRepository = "acme/shop"

// newDemoWorld builds the world as it is before the story: the registry serves the old image, and the repository uses it.
func newDemoWorld(ctx context.Context) (_ *demoWorld, err error) {
	w := &demoWorld{}
	defer func() {
		if err != nil {
			w.Close()
		}
	}()
	if w.folder, err = os.MkdirTemp("", "basebump-demo-"); err != nil {
		return nil, err
	}
	if err := w.serveRegistry(ctx); err != nil {
		return nil, err
	}
	if err := w.moveTag(); err != nil {
		return nil, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	apiURL, err := w.serveGitHub(ctx, &key.PublicKey)
	if err != nil {
		return nil, err
	}
	database := filepath.Join(w.folder, "database")
	if err := buildDatabase(ctx, database); err != nil {
		return nil, err
	}
	c := config.Default()
	c.GitHub = config.GitHub{APIURL: config.URL(apiURL + "/"), AppID: demoApp, PrivateKey: config.NewSecret(encodeKey(key))}
	c.Registries = []config.Registry{{Host: "docker.io", Mirror: config.URL("http://" + w.host)}}
	c.Scanners[0].DBDir = config.Path(database)
	w.service, err = newService(ctx, c, w.folder, nil, slog.New(slog.DiscardHandler))
	return w, err
}

// Close stops the servers and removes the temporary folder.
func (w *demoWorld) Close() {
	if w.service != nil {
		w.service.Close()
	}
	var errs []error
	if w.github != nil {
		errs = append(errs, w.github.Close())
	}
	if w.registry != nil {
		errs = append(errs, w.registry.Close())
	}
	if err := errors.Join(append(errs, os.RemoveAll(w.folder))...); err != nil {
		fmt.Fprintln(os.Stderr, message(fmt.Errorf("clean up after the demo: %w", err)))
	}
}

func (w *demoWorld) serveRegistry(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start the registry: %w", err)
	}
	w.host = listener.Addr().String()
	w.registry = &http.Server{Handler: demoRegistry(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.registry.Serve(listener) }() // until Close
	return nil
}

// moveTag makes debian:12 answer the next stage.
func (w *demoWorld) moveTag() error {
	digest, err := pushDebian(w.host, debian12.Stages()[len(w.digests)])
	w.digests = append(w.digests, digest)
	return err
}

const demoApp = 1

func (w *demoWorld) serveGitHub(ctx context.Context, key *rsa.PublicKey) (apiURL string, err error) {
	w.github = githubtest.New(githubtest.Options{App: githubtest.App{ID: demoApp, Key: key}})
	if apiURL, err = w.github.Start(ctx); err != nil {
		return "", err
	}
	files := githubtest.Files{}
	root, err := fs.Sub(demoFiles, "demo_files")
	if err != nil {
		return "", err
	}
	err = fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		files[path] = githubtest.Text(strings.ReplaceAll(string(data), "OLD", w.digests[0]))
		return err
	})
	if err != nil {
		return "", err
	}
	if w.repo, err = w.github.AddRepository(demoRepository, files, githubtest.RepositoryOptions{}); err != nil {
		return "", err
	}
	owner, name, _ := strings.Cut(demoRepository, "/")
	w.github.AddInstallation(owner, name)
	return apiURL, nil
}

// buildDatabase makes a vulnerability database of the advisories that were drawn from Debian's changelogs.
func buildDatabase(ctx context.Context, to string) error {
	from := to + "-advisories"
	if err := os.CopyFS(from, debian12.Advisories()); err != nil {
		return fmt.Errorf("write advisories: %w", err)
	}
	var output strings.Builder
	err := grype.Command{Out: io.Discard, Err: &output}.Run(ctx, "db", "build", "--from", from, "--to", to)
	if err != nil {
		return fmt.Errorf("build vulnerability database: %w: %s", err, strings.TrimSpace(output.String()))
	}
	return nil
}

func encodeKey(key *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}
