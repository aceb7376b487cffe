// Command prune cuts GitHub's published OpenAPI description down to what githubtest answers and sends.
//
//	go run ./bot/github/githubtest/contract/prune DESCRIPTION.json FOLDER
//
// It writes github.json.gz and webhooks.json.gz, and fails when githubtest knows an operation or a webhook that GitHub does not
// document. See prune.sh for where the description comes from.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/basebump/basebump/bot/github/githubtest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "prune:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("want two arguments: the description and the folder to write to")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var description object
	if err := json.Unmarshal(data, &description); err != nil {
		return fmt.Errorf("read %s: %w", args[0], err)
	}
	answered, err := operations(description, githubtest.Operations())
	if err != nil {
		return err
	}
	widen(answered)
	sent, err := payloads(description)
	if err != nil {
		return err
	}
	return errors.Join(
		write(filepath.Join(args[1], "github.json.gz"), answered),
		write(filepath.Join(args[1], "webhooks.json.gz"), sent),
	)
}

// write packs the description without a time stamp, so that the same input gives the same file.
func write(path string, value object) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	packed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := packed.Write(data); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, out.Bytes(), 0o644)
}
