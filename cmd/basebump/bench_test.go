//go:build bench

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWholeProcess measures built programs from outside and writes the table of docs/benchmarks.md. Run it by `make bench`.
func TestWholeProcess(t *testing.T) {
	tree := dockerfiles(t, 300)
	basebump := mustFind(t, "basebump")
	rows := []string{
		measured("`basebump version`", 21, 20*time.Millisecond, 0, basebump, "version").row(t),
		measured("`basebump extract` on 300 Dockerfiles (369 stages)", 9, 0, 60<<20, basebump, "extract", tree, "--output", "json").row(t),
		largeTreeRow(t, basebump),
		coldBuild(t, "basebump", 90*time.Second, 40_000_000),
		coldBuild(t, "basebump-grype", 0, 0, "-modfile", "../../build/lean.mod"),
	}
	rows = append(rows, monorepoRow(t, basebump), millionTagsRow(t, basebump))
	rows = append(rows, scanRows(t)...)
	text := fmt.Sprintf(`# Benchmarks

Made by %s on %s/%s, %d cores, %s. Each figure is the median of its runs, of the whole process as the operating system accounts for
it; a cold build starts from an empty build cache with the modules on disk. Peaks of the scanner are measured by %s, beside other scanners.

| what | runs | wall | peak memory | size | bound |
|---|---:|---:|---:|---:|---|
%s
`, "`make bench`", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), "`make test-scanners`", strings.Join(rows, "\n"))
	if err := os.WriteFile("../../docs/benchmarks.md", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// measurement is what repeated runs of one command cost. A bound of zero is none.
type measurement struct {
	what      string
	wall      []time.Duration
	work      []time.Duration // of all processors
	peak      []int64         // bytes
	wallBound time.Duration
	workBound time.Duration
	peakBound int64
	clouded   bool // the peak is none of its own: Linux counts in what the process that started it held
	err       error
}

func measured(what string, runs int, wallBound time.Duration, peakBound int64, name string, args ...string) measurement {
	return timed(what, runs, wallBound, peakBound, func() *exec.Cmd { return exec.Command(name, args...) })
}

func timed(what string, runs int, wallBound time.Duration, peakBound int64, command func() *exec.Cmd) measurement {
	m := measurement{what: what, wallBound: wallBound, peakBound: peakBound}
	for range runs + 1 { // the first warms the caches and does not count
		cmd := command()
		began := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			m.err = fmt.Errorf("%s: %w\n%s", what, err, out)
			return m
		}
		m.wall = append(m.wall, time.Since(began))
		m.work = append(m.work, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
		m.peak = append(m.peak, peak(cmd))
	}
	m.wall, m.work, m.peak = m.wall[1:], m.work[1:], m.peak[1:]
	return m
}

func peak(cmd *exec.Cmd) int64 {
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}

func (m measurement) row(t *testing.T) string {
	t.Helper()
	if m.err != nil {
		t.Fatal(m.err)
	}
	slices.Sort(m.wall)
	slices.Sort(m.work)
	slices.Sort(m.peak)
	wall, work, peak := m.wall[len(m.wall)/2], m.work[len(m.work)/2], m.peak[len(m.peak)/2]
	var bounds []string
	if m.wallBound > 0 {
		bounds = append(bounds, "≤ "+m.wallBound.String())
		if wall > m.wallBound {
			t.Errorf("%s: %s, bound %s", m.what, wall, m.wallBound)
		}
	}
	if m.workBound > 0 {
		bounds = append(bounds, fmt.Sprintf("≤ %s of processor time, of which it took %s", m.workBound, work.Round(time.Millisecond)))
		if work > m.workBound {
			t.Errorf("%s: %s of processor time, bound %s", m.what, work, m.workBound)
		}
	}
	if m.peakBound > 0 {
		bounds = append(bounds, fmt.Sprintf("≤ %d MiB", m.peakBound>>20))
		if peak > m.peakBound {
			t.Errorf("%s: %d bytes, bound %d", m.what, peak, m.peakBound)
		}
	}
	memory := fmt.Sprintf("%d MiB", peak>>20)
	if m.clouded {
		memory = ""
	}
	return fmt.Sprintf("| %s | %d | %s | %s | | %s |", m.what, len(m.wall), wall.Round(100*time.Microsecond), memory, strings.Join(bounds, ", "))
}

// coldBuild builds a program as a release is built, from an empty build cache.
func coldBuild(t *testing.T, name string, wallBound time.Duration, sizeBound int64, flags ...string) string {
	t.Helper()
	output := filepath.Join(t.TempDir(), name)
	args := append([]string{"build", "-trimpath", "-ldflags", "-s -w", "-o", output}, flags...)
	cmd := exec.Command("go", append(args, "../"+name)...)
	cmd.Env = append(os.Environ(), "GOCACHE="+t.TempDir(), "CGO_ENABLED=0")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	wall := time.Since(began)
	info, err := os.Stat(output)
	if err != nil {
		t.Fatal(err)
	}
	bound := "stated"
	if sizeBound > 0 {
		bound = fmt.Sprintf("≤ %s, ≤ %d MB", wallBound, sizeBound/1_000_000)
		if wall > wallBound || info.Size() > sizeBound {
			t.Errorf("build of %s: %s, %d bytes; bound %s", name, wall, info.Size(), bound)
		}
	}
	return fmt.Sprintf("| cold build of `%s` | 1 | %s | %d MiB | %.1f MB | %s |", name, wall.Round(time.Second), peak(cmd)>>20, float64(info.Size())/1e6, bound)
}

// dockerfiles writes a tree of n Dockerfiles with 1.23 stages each and returns it.
func dockerfiles(t *testing.T, n int) string {
	t.Helper()
	root := t.TempDir()
	for i := range n {
		folder := filepath.Join(root, fmt.Sprintf("service-%03d", i))
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		text := "ARG TAG=1.2" + fmt.Sprint(i%10) + "\nFROM golang:${TAG} AS build\nWORKDIR /src\nCOPY . .\n"
		text += "RUN --mount=type=cache,target=/root/.cache go build ./... \\\n    && go vet ./...\nENV PORT=8080\nEXPOSE 8080\nCMD [\"app\"]\n"
		if i*100/n%100 < 23 {
			text += "FROM debian:12@sha256:" + strings.Repeat("ab", 32) + "\nCOPY --from=build /src/app /app\n"
		}
		if err := os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func mustFind(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
