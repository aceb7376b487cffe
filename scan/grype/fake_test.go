package grype_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

var built = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

// TestMain lets the test binary stand in for the worker program. How it behaves is written in its database folder.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "serve" && os.Args[2] == "--db-dir" {
		serve(fake{dir: os.Args[3], in: bufio.NewReader(os.Stdin)})
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "grandchild" {
		call(os.Args[2])
		return
	}
	os.Exit(m.Run())
}

type fake struct {
	dir string
	in  *bufio.Reader
}

func (f fake) behaviour() string {
	text, err := os.ReadFile(filepath.Join(f.dir, "behaviour"))
	if err != nil {
		panic(err)
	}
	return string(text)
}

func serve(f fake) {
	note(filepath.Join(f.dir, "starts"))
	hello := wire.Hello{Scanner: scan.Tool{Name: "grype", Version: "0.120.0"}, Cataloguer: "syft 1", Database: wire.Database{Path: f.dir, Built: built}}
	switch f.behaviour() {
	case "no hello":
		hang()
	case "no database":
		hello.Failure = &wire.Failure{Class: "retry", Text: "no vulnerability database in " + f.dir, Hint: "run `basebump db update`"}
	}
	write(hello)
	for {
		var job wire.Job
		if err := wire.Read(f.in, wire.MaxJob, &job); err != nil {
			return
		}
		f.answer(job)
	}
}

func (f fake) answer(job wire.Job) {
	report := scan.Report{Image: job.Target.Image, Digest: job.Target.Digest, Platform: job.Target.Platform, DatabaseBuilt: built}
	switch f.behaviour() {
	case "environment":
		for _, variable := range os.Environ() {
			name, _, _ := strings.Cut(variable, "=")
			report.Packages = append(report.Packages, scan.Package{Name: name})
		}
		report.Packages = append(report.Packages, scan.Package{Name: "temp", Version: os.TempDir()})
	case "failure":
		write(wire.Reply{ID: job.ID, Failure: &wire.Failure{Class: "auth", Text: "read manifest: 401", Hint: "add credentials under `registries`"}})
		return
	case "crash":
		panic("index out of range")
	case "exit":
		os.Exit(2)
	case "exit with a word":
		fmt.Fprint(os.Stderr, "WARN files left out\nbasebump-grype: disk full\nbye\n")
		os.Exit(3)
	case "hang":
		hang()
	case "hang with a child":
		child := exec.Command(os.Args[0], "grandchild", filepath.Join(f.dir, "socket"))
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
		hang()
	case "garbage":
		fmt.Println("Segmentation fault")
		return
	case "oversized":
		part := bytes.Repeat([]byte("x"), 1<<20)
		for {
			if _, err := os.Stdout.Write(part); err != nil {
				return
			}
		}
	case "hungry":
		hoard := bytes.Repeat([]byte("x"), 128<<20)
		_ = slices.Max(hoard)
		hang()
	case "untidy":
		if err := os.WriteFile(filepath.Join(os.TempDir(), "rubbish"), make([]byte, 2<<20), 0o600); err != nil {
			panic(err)
		}
		hang()
	case "another's answer":
		write(wire.Reply{ID: job.ID + 1, Report: &report})
		return
	case "another's image":
		report.Digest = "sha256:bb"
	case "busy":
		for n := 0; ; n++ {
			runtime.KeepAlive(n)
		}
	}
	reply := wire.Reply{ID: job.ID, Report: &report}
	if job.Catalogue == nil {
		reply.Catalogue = []byte("packages of " + job.Target.Digest)
	} else {
		report.PackagesFrom = scan.FromStored
		report.OS.Name = string(job.Catalogue)
	}
	if job.Target.SBOM != nil {
		report.PackagesFrom = scan.FromSBOM
		report.OS.Name = string(job.Target.SBOM.Data[:8])
	}
	write(reply)
}

// call holds a connection open as long as it lives.
func call(socket string) {
	connection, err := net.Dial("unix", socket)
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, connection)
}

func write(v any) {
	if err := wire.Write(os.Stdout, v); err != nil {
		panic(err)
	}
}

func note(file string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, os.Getpid())
	_ = f.Close()
}

// hang never returns. The runtime would end a program in which nothing can go on, but not one that waits for a signal.
func hang() {
	never := make(chan os.Signal, 1)
	signal.Notify(never, syscall.SIGUSR2)
	<-never
}
