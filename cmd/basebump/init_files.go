package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/config/fault"
)

const (
	keyFile    = "app.pem"
	secretFile = "webhook.secret"
)

// initFiles are what init writes: the configuration, and beside it the secrets that it names.
type initFiles struct {
	config  string
	named   bool // the configuration file was named on the command line
	options initOptions

	onlySecrets bool // the configuration is there already, and left alone
}

func newInitFiles(configFile string, options initOptions) initFiles {
	if configFile == "" {
		return initFiles{config: config.DefaultFile, options: options}
	}
	return initFiles{config: configFile, named: true, options: options}
}

func (f initFiles) beside(name string) string { return filepath.Join(filepath.Dir(f.config), name) }

// argument is the configuration file as an argument of another command; empty where that finds it by itself.
func (f initFiles) argument(before string) string {
	if !f.named {
		return ""
	}
	return before + f.config
}

// free says whether all the files can be written: afterwards it is too late, the secrets cannot be had again.
func (f initFiles) free() error {
	for _, name := range []string{f.config, f.beside(keyFile), f.beside(secretFile)} {
		_, err := os.Lstat(name)
		switch {
		case err == nil:
			return fmt.Errorf("set up basebump: %s exists, and nothing is written over; move it away, or give --config in another folder", name)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("set up basebump: %w", err)
		}
	}
	if info, err := os.Stat(filepath.Dir(f.config)); err != nil || !info.IsDir() {
		return fmt.Errorf("set up basebump: there is no folder %s", filepath.Dir(f.config))
	}
	return nil
}

func (f initFiles) names(app github.App) []string {
	names := []string{f.beside(keyFile)}
	if app.WebhookSecret() != "" {
		names = append(names, f.beside(secretFile))
	}
	if f.onlySecrets {
		return names
	}
	return append(names, f.config)
}

// write keeps the App's secrets, the key first, and then the configuration.
func (f initFiles) write(app github.App) error {
	texts := map[string]string{f.beside(keyFile): app.PrivateKey(), f.beside(secretFile): app.WebhookSecret() + "\n", f.config: f.text(app)}
	for _, name := range f.names(app) {
		mode := fs.FileMode(0o600)
		if name == f.config {
			mode = 0o644
		}
		if err := create(name, texts[name], mode); err != nil {
			return &fault.Error{
				Op: "keep the App's files", Class: fault.Permanent, Err: err,
				Hint: fmt.Sprintf("the App is there already: its settings page makes new secrets, or delete it and start again (%s)", app.URL),
			}
		}
	}
	return nil
}

// create writes a file that is not there yet.
func create(name, text string, mode fs.FileMode) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}

// text is the example configuration with the App filled in.
func (f initFiles) text(app github.App) string {
	pairs := []string{
		"  # app_id: 12345\n", "  app_id: " + strconv.FormatInt(app.ID, 10) + "\n",
		"  # private_key_file: ", "  private_key_file: ",
	}
	if app.WebhookSecret() != "" {
		pairs = append(pairs, "  # webhook_secret_file: ", "  webhook_secret_file: ")
	}
	if f.options.apiURL != string(config.Default().GitHub.APIURL) {
		pairs = append(pairs, "  api_url: https://api.github.com/\n", "  api_url: "+strconv.Quote(f.options.apiURL)+"\n")
	}
	if f.options.publicURL != "" {
		pairs = append(pairs, "  # public_url: https://basebump.example.com\n", "  public_url: "+strconv.Quote(f.options.publicURL)+"\n")
	}
	return strings.NewReplacer(pairs...).Replace(string(config.Example()))
}
