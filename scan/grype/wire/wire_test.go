package wire_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	want := wire.Job{ID: 7, Target: scan.Target{
		Image: "docker.io/library/debian", Digest: "sha256:aa", Platform: "linux/amd64",
		Access: scan.Access{Repository: "127.0.0.1:5000/library/debian", Insecure: true, Private: true, Username: "bot", Password: "a\nb"},
	}}
	var pipe bytes.Buffer
	for range 2 {
		if err := wire.Write(&pipe, want); err != nil {
			t.Fatal(err)
		}
	}
	r := bufio.NewReaderSize(&pipe, 16)
	for range 2 {
		var got wire.Job
		if err := wire.Read(r, wire.MaxJob, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if err := wire.Read(r, wire.MaxJob, &wire.Job{}); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, input string
		want        error
	}{
		{"a line above the bound", `{"id":` + strings.Repeat("1", 100) + "}\n", wire.ErrTooLong},
		{"an endless line", strings.Repeat("x", 100), wire.ErrTooLong},
		{"a cut line", `{"id":1`, io.ErrUnexpectedEOF},
		{"an empty input", "", io.EOF},
	} {
		r := bufio.NewReaderSize(strings.NewReader(tc.input), 16)
		if err := wire.Read(r, 64, &wire.Job{}); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, err, tc.want)
		}
	}
	if err := wire.Read(bufio.NewReader(strings.NewReader("hello\n")), 64, &wire.Job{}); err == nil {
		t.Error("garbage was read")
	}
}

func TestFailureKeepsClassAndHint(t *testing.T) {
	t.Parallel()
	cause := &fault.Error{Op: "pull", Class: fault.Auth, Hint: "add credentials", Err: errors.New("401")}
	err := wire.NewFailure(cause).Error("scan", "ghcr.io/acme/api")
	if got, want := fault.Text(err), "scan ghcr.io/acme/api: pull: 401; add credentials"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := fault.ClassOf(err); got != fault.Auth {
		t.Errorf("class %q", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("{\"id\":1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReaderSize(bytes.NewReader(data), 16)
		for wire.Read(r, 256, &wire.Reply{}) == nil {
		}
	})
}
