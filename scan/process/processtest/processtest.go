// Package processtest stands in for scanners' programs: a test binary that is started again under another name does what a test told it.
package processtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const (
	script  = "answers.json"
	journal = "calls.jsonl"
)

// Answer is what a program does when it is called with certain arguments.
type Answer struct {
	When   []string // all of them are among the arguments; none: always
	Stdout string
	Stderr string
	Exit   int
	Files  map[string]string // written before it ends: path, relative to its working folder, and content
	Echo   string            // an environment variable that it betrays on standard error
	Hold   string            // path of a named pipe that it opens for writing and keeps open until it is killed
	Leave  string            // the same, by a child that outlives it
}

// Call is how a program was called.
type Call struct {
	Args, Env []string
	Stdin     string
	Folder    string
}

// Fake is a program that answers as it was told.
type Fake struct {
	Path   string
	folder string
}

// Main is for TestMain: it plays the program if the test binary was started as one, and runs the tests otherwise.
func Main(m *testing.M) {
	folder := filepath.Dir(os.Args[0])
	if answers, err := os.ReadFile(filepath.Join(folder, script)); err == nil {
		os.Exit(play(folder, answers))
	}
	os.Exit(m.Run())
}

// New places a program of that name in a folder of its own. Of the answers that fit a call, the first is given.
func New(t *testing.T, name string, answers ...Answer) *Fake {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{folder: t.TempDir()}
	f.Path = filepath.Join(f.folder, name)
	if err := os.Symlink(self, f.Path); err != nil {
		t.Fatal(err)
	}
	f.Answer(t, answers...)
	return f
}

// Answer replaces what the program does.
func (f *Fake) Answer(t *testing.T, answers ...Answer) {
	t.Helper()
	data, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.folder, script), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Calls returns how the program was called so far.
func (f *Fake) Calls(t *testing.T) []Call {
	t.Helper()
	file, err := os.Open(filepath.Join(f.folder, journal))
	if err != nil {
		return nil
	}
	defer file.Close()
	var calls []Call
	for decoder := json.NewDecoder(file); ; {
		var c Call
		if err := decoder.Decode(&c); err == io.EOF {
			return calls
		} else if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
}

// play is the program.
func play(folder string, script []byte) int {
	var answers []Answer
	if err := json.Unmarshal(script, &answers); err != nil {
		return fail(err)
	}
	if err := record(filepath.Join(folder, journal)); err != nil {
		return fail(err)
	}
	for _, a := range answers {
		if !slices.ContainsFunc(a.When, func(arg string) bool { return !slices.Contains(os.Args[1:], arg) }) {
			return a.give()
		}
	}
	return fail(fmt.Errorf("no answer for %q", os.Args[1:]))
}

func record(path string) error {
	stdin, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	line, err := json.Marshal(Call{Args: os.Args[1:], Env: os.Environ(), Stdin: string(stdin), Folder: wd})
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(append(line, '\n'))
	return err
}

func (a Answer) give() int {
	for path, content := range a.Files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fail(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return fail(err)
		}
	}
	if a.Echo != "" {
		fmt.Fprintln(os.Stderr, os.Getenv(a.Echo))
	}
	fmt.Fprint(os.Stdout, a.Stdout)
	fmt.Fprint(os.Stderr, a.Stderr)
	if a.Leave != "" {
		if err := leave(a.Leave); err != nil {
			return fail(err)
		}
	}
	if a.Hold != "" {
		return hold(a.Hold)
	}
	return a.Exit
}

// hold keeps the pipe open until somebody kills this process.
func hold(path string) int {
	pipe, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fail(err)
	}
	fmt.Fprintln(pipe, "held")
	fmt.Println("held")
	time.Sleep(time.Hour)
	return fail(pipe.Close())
}

// leave starts the program once more, as one that holds the pipe, and lets it be once it does.
func leave(path string) error {
	folder, err := os.MkdirTemp("", "left-")
	if err != nil {
		return err
	}
	answers, err := json.Marshal([]Answer{{Hold: path}})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, script), answers, 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	child, err := os.StartProcess(self, []string{filepath.Join(folder, "left")}, &os.ProcAttr{Files: []*os.File{nil, writer, nil}})
	if err != nil {
		return err
	}
	if _, err := bufio.NewReader(reader).ReadString('\n'); err != nil {
		return err
	}
	return child.Release()
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "processtest:", err)
	return 70
}
