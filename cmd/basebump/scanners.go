package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/basebump/basebump/config"
	"github.com/basebump/basebump/scan/cache"
	"github.com/basebump/basebump/scan/clair"
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
			CacheDir: filepath.Join(state, "trivy"),
			Fetch:    s.Server == "",
			Server:   string(s.Server),
			Timeout:  time.Duration(limits.ScanTimeout),
			HTTP:     &http.Client{Timeout: time.Minute},
			Now:      time.Now,
		}), nil
	},
	config.Clair: func(s config.Scanner, limits config.Limits, _ string) (cache.Scanner, error) {
		return clair.New(clair.Options{
			URL:     string(s.URL),
			Timeout: time.Duration(limits.ScanTimeout),
			HTTP:    &http.Client{Timeout: time.Duration(limits.ScanTimeout)},
			Now:     time.Now,
		})
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
	of := map[config.ScannerType]int{}
	for _, configured := range c.Scanners {
		made, err := scannerTable[configured.Type](configured, c.Limits, state)
		if err != nil {
			return nil, usage(err)
		}
		name := string(configured.Type)
		if of[configured.Type]++; of[configured.Type] > 1 {
			name = fmt.Sprintf("%s %d", name, of[configured.Type])
		}
		scanners = append(scanners, scanner{name, made})
	}
	return scanners, nil
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
