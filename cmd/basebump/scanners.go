package main

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan/cache"
	"github.com/basebump/basebump/scan/clair"
	"github.com/basebump/basebump/scan/command"
	"github.com/basebump/basebump/scan/grype"
	"github.com/basebump/basebump/scan/trivy"
)

var _ cache.Cataloguer = (*grype.Scanner)(nil)

// scannerTable makes each type of scanner of its configuration. One that holds something to give back is an io.Closer.
var scannerTable = map[config.ScannerType]func(config.Scanner, config.Limits, string) (cache.Scanner, error){
	config.Grype: func(s config.Scanner, limits config.Limits, state string) (cache.Scanner, error) {
		return grype.New(grype.Options{
			Command:     s.Command,
			DBDir:       databaseDir(s, state),
			MaxDBAge:    time.Duration(s.MaxDBAge),
			Timeout:     time.Duration(limits.ScanTimeout),
			MemoryLimit: int64(limits.ScanMemory),
			Now:         time.Now,
		}), nil
	},
	config.Trivy: func(s config.Scanner, limits config.Limits, state string) (cache.Scanner, error) {
		return trivy.New(trivy.Options{
			Command:  s.Command,
			CacheDir: cmp.Or(string(s.DBDir), filepath.Join(state, "trivy")),
			Fetch:    s.Server == "" && s.DBDir == "",
			Server:   string(s.Server),
			Token:    s.Token.Reveal(),
			MaxDBAge: time.Duration(s.MaxDBAge),
			Timeout:  time.Duration(limits.ScanTimeout),
			HTTP:     &http.Client{Timeout: time.Minute},
			Now:      time.Now,
		}), nil
	},
	config.Clair: func(s config.Scanner, limits config.Limits, _ string) (cache.Scanner, error) {
		return clair.New(clair.Options{
			URL:      string(s.URL),
			Key:      s.Key.Reveal(),
			Issuer:   s.Issuer,
			MaxDBAge: time.Duration(s.MaxDBAge),
			Timeout:  time.Duration(limits.ScanTimeout),
			HTTP:     &http.Client{Timeout: time.Duration(limits.ScanTimeout)},
			Now:      time.Now,
		})
	},
	config.Command: func(s config.Scanner, limits config.Limits, _ string) (cache.Scanner, error) {
		o := command.Options{
			Format:  string(s.Format),
			Command: s.Command,
			Args:    s.Args,
			Env:     environment(s.Env, os.Getenv),
			Done:    s.ExitCodes,
			DBDir:   string(s.DBDir),
			Timeout: time.Duration(limits.ScanTimeout),
			Now:     time.Now,
		}
		if s.Format == config.GrypeJSON { // the others do not tell
			o.MaxDBAge = time.Duration(s.MaxDBAge)
		}
		return command.New(o)
	},
}

// scanner is one of the configured scanners.
type scanner struct {
	name string // for people; no two have the same
	cache.Scanner
}

// newScanners makes the configured scanners, in their order.
func newScanners(c config.Config, state string) ([]scanner, error) {
	var scanners []scanner
	of := map[string]int{}
	for _, configured := range c.Scanners {
		made, err := scannerTable[configured.Type](configured, c.Limits, state)
		if err != nil {
			return nil, usage(err)
		}
		name := nameOf(configured)
		if of[name]++; of[name] > 1 {
			name = fmt.Sprintf("%s %d", name, of[name])
		}
		scanners = append(scanners, scanner{name, made})
	}
	return scanners, nil
}

// environment reads NAME=VALUE, or NAME alone for what our own environment holds under it.
func environment(list []string, getenv func(string) string) map[string]string {
	env := map[string]string{}
	for _, entry := range list {
		name, value, given := strings.Cut(entry, "=")
		if !given {
			value = getenv(name)
		}
		env[name] = value
	}
	return env
}

// nameOf is what people call a scanner: its type, or the program that is run.
func nameOf(s config.Scanner) string {
	if s.Type == config.Command {
		return filepath.Base(cmp.Or(s.Command, "grype"))
	}
	return string(s.Type)
}

// databaseDir is where Grype's vulnerability database lies: where the operator says, else where `db update` puts it.
func databaseDir(s config.Scanner, state string) string {
	if s.DBDir != "" {
		return string(s.DBDir)
	}
	return filepath.Join(state, "db")
}

// release gives back what a scanner holds, such as its process.
func release(s scanner) {
	if closer, ok := s.Scanner.(io.Closer); ok {
		_ = closer.Close() // it holds nothing that could be lost
	}
}
