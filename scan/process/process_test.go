package process_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan/process"
	"github.com/basebump/basebump/scan/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

const (
	minute = time.Minute
	mebi   = 1 << 20
)

func folder(t *testing.T, env map[string]string) *process.Folder {
	t.Helper()
	temp := t.TempDir()
	f, err := process.NewFolder(func(name string) string {
		if name == "TMPDIR" {
			return temp
		}
		return env[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return f
}

func TestRunGivesAProgramWhatItNeedsAndNoMore(t *testing.T) {
	t.Parallel()
	fake := processtest.New(t, "scanner", processtest.Answer{Stdout: "found", Stderr: "chatter", Files: map[string]string{"deep/down": "x"}})
	f := folder(t, map[string]string{"PATH": "/bin", "HTTPS_PROXY": "http://proxy:3128", "GITHUB_TOKEN": "secret", "HOME": "/root"})
	out, err := process.Run(t.Context(), process.Program{
		Command: fake.Path, Args: []string{"image", "a b", "$(id)"}, Env: []string{"SCANNER_USER=bot"}, Stdin: "hunter2",
		Timeout: minute, MaxOutput: mebi,
	}, f)
	if err != nil || string(out) != "found" {
		t.Fatalf("got %q, %v", out, err)
	}
	call := fake.Calls(t)[0]
	slices.Sort(call.Env)
	home := filepath.Dir(f.Path("x"))
	want := processtest.Call{
		Args: []string{"image", "a b", "$(id)"}, Stdin: "hunter2", Folder: home,
		Env: []string{"HOME=" + home, "HTTPS_PROXY=http://proxy:3128", "PATH=/bin", "SCANNER_USER=bot", "TMPDIR=" + home},
	}
	if d := cmp.Diff(want, call); d != "" {
		t.Errorf("call (-want +got):\n%s", d)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		answer processtest.Answer
		done   []int
		max    int64
		class  fault.Class
		want   string // in the error; empty: none
	}{
		{name: "its last words", answer: processtest.Answer{Exit: 1, Stderr: "INFO hello\nFATAL \x1b[31mno such image\t(404)\n\n"}, want: "FATAL [31mno such image (404)"},
		{name: "no words", answer: processtest.Answer{Exit: 3}, want: "it ended with exit code 3 and said nothing"},
		{name: "a code that means done", answer: processtest.Answer{Exit: 1, Stdout: "found"}, done: []int{1}},
		{name: "not that code", answer: processtest.Answer{Exit: 2}, done: []int{1}, want: "it ended with exit code 2 and said nothing"},
		{name: "secrets in its words", answer: processtest.Answer{Exit: 1, Echo: "PASSWORD"}, want: "***"},
		{
			name: "too much", answer: processtest.Answer{Stdout: strings.Repeat("x", 3*mebi)}, max: 2 * mebi,
			class: fault.Permanent, want: "its answer is larger than 2 MiB",
		},
		{name: "exactly enough", answer: processtest.Answer{Stdout: strings.Repeat("x", mebi)}},
		{
			name: "very long words", answer: processtest.Answer{Exit: 1, Stderr: strings.Repeat("é", 20_000)},
			want: "…" + strings.Repeat("é", 400),
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			fake := processtest.New(t, "scanner", tc.answer)
			_, err := process.Run(t.Context(), process.Program{
				Command: fake.Path, Done: tc.done, Timeout: minute, MaxOutput: max(tc.max, mebi),
				Env: []string{"PASSWORD=hunter2"}, Secrets: []string{"", "hunter2"},
			}, folder(t, nil))
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want || fault.ClassOf(err) != tc.class {
				t.Errorf("got %q of class %q, want %q of class %q", got, fault.ClassOf(err), tc.want, tc.class)
			}
		})
	}
}

func TestRunWithoutTheProgram(t *testing.T) {
	t.Parallel()
	_, err := process.Run(t.Context(), process.Program{Command: "no-such-scanner", Timeout: minute}, folder(t, nil))
	want := "the program \"no-such-scanner\" is not there; install it, or say where it is with `command` under `scanners`"
	if fault.ClassOf(err) != fault.Permanent || fault.Text(err) != want {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
}

// pipe makes a named pipe. Reading from it ends when everybody who holds it is gone.
func pipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// watch returns what to call once the pipe's holder has started, and a channel that is closed when it is gone.
func watch(t *testing.T, path string, held func()) <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		file, err := os.Open(path)
		if err != nil {
			t.Error(err)
			return
		}
		defer file.Close()
		reader := bufio.NewReader(file)
		if _, err := reader.ReadString('\n'); err != nil {
			t.Error(err)
		}
		held()
		_, _ = io.Copy(io.Discard, reader)
	}()
	return gone
}

func TestRunEndsWithItsContextAndTakesChildrenAlong(t *testing.T) {
	t.Parallel()
	mine, childs := pipe(t), pipe(t)
	fake := processtest.New(t, "scanner", processtest.Answer{Leave: childs, Hold: mine})
	ctx, cancel := context.WithCancel(t.Context())
	child := watch(t, childs, func() {})
	parent := watch(t, mine, cancel)
	_, err := process.Run(ctx, process.Program{Command: fake.Path, Timeout: minute, MaxOutput: mebi}, folder(t, nil))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-parent
	<-child
}

func TestRunEndsWhatAProgramLeavesBehind(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	fake := processtest.New(t, "scanner", processtest.Answer{Stdout: "found", Leave: path})
	child := watch(t, path, func() {})
	if _, err := process.Run(t.Context(), process.Program{Command: fake.Path, Timeout: minute, MaxOutput: mebi}, folder(t, nil)); err != nil {
		t.Fatal(err)
	}
	<-child
}

func TestRunIsBoundedInTime(t *testing.T) {
	t.Parallel()
	path := pipe(t)
	fake := processtest.New(t, "scanner", processtest.Answer{Hold: path})
	_, err := process.Run(t.Context(), process.Program{Command: fake.Path, Timeout: time.Millisecond, MaxOutput: mebi}, folder(t, nil))
	want := "it took longer than 1ms; raise `limits.scan_timeout` if it needs more"
	if fault.ClassOf(err) != fault.Retry || fault.Text(err) != want {
		t.Errorf("got %q of class %q", fault.Text(err), fault.ClassOf(err))
	}
}

func TestCloseRemovesWhatMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	f := folder(t, nil)
	if err := os.MkdirAll(f.Path("a/b"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/b", "a"} {
		if err := os.Chmod(f.Path(name), 0o555); err != nil {
			t.Fatal(err)
		}
	}
}
