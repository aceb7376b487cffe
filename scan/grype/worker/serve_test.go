package worker_test

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/scan/grype/wire"
	"github.com/basebump/basebump/scan/grype/worker"
)

func TestServe(t *testing.T) {
	t.Parallel()
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	target := push(t, host(t, nil), image(t, layerOf(t, rootfs(t, "old")...)))
	var jobs, replies bytes.Buffer
	missing := target
	missing.Digest = "sha256:" + strings.Repeat("0", 64)
	for i, job := range []wire.Job{{Target: target}, {Target: missing}, {Target: target}} {
		job.ID = uint64(i + 1)
		if err := wire.Write(&jobs, job); err != nil {
			t.Fatal(err)
		}
	}
	if err := worker.Serve(t.Context(), dir, time.Minute, &jobs, &replies); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(&replies)
	var hello wire.Hello
	if err := wire.Read(r, wire.MaxReply, &hello); err != nil || !hello.Database.Built.Equal(built) || hello.Failure != nil {
		t.Errorf("hello %+v, %v", hello, err)
	}
	for i, failed := range []bool{false, true, false} {
		var reply wire.Reply
		if err := wire.Read(r, wire.MaxReply, &reply); err != nil {
			t.Fatal(err)
		}
		if reply.ID != uint64(i+1) || (reply.Report == nil) != failed || (reply.Failure != nil) != failed {
			t.Errorf("reply %+v to job %d", reply, i+1)
		}
	}
	if err := wire.Read(r, wire.MaxReply, &hello); err != io.EOF {
		t.Errorf("after the last reply: %v", err)
	}
}

func TestServeWithoutDatabase(t *testing.T) {
	t.Parallel()
	var replies bytes.Buffer
	if err := worker.Serve(t.Context(), t.TempDir(), time.Minute, strings.NewReader(""), &replies); err == nil {
		t.Error("served")
	}
	var hello wire.Hello
	if err := wire.Read(bufio.NewReader(&replies), wire.MaxReply, &hello); err != nil || hello.Failure == nil {
		t.Errorf("hello %+v, %v", hello, err)
	}
}

func TestServeRefusesNonsense(t *testing.T) {
	t.Parallel()
	dir, err := databaseDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Serve(t.Context(), dir, time.Minute, strings.NewReader("hello\n"), io.Discard); err == nil {
		t.Error("served")
	}
}
