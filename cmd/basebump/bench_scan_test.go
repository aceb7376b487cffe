//go:build bench

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

// trivyWall is what Trivy 0.69.3 took for the same image on the same kind of machine; `make test-scanners` runs both side by side.
const trivyWall = 1650 * time.Millisecond

// rescanned is how many stored package lists meet a new database.
const rescanned = 1000

// scanRows are the costs of the scanner's own process: of one image, from its start on, and of images that were read before.
func scanRows(t *testing.T) []string {
	worker, database := mustFind(t, "basebump-grype"), t.TempDir()
	if out, err := exec.Command(worker, "db", "build", "--from", "../../testdata/debian12/advisories", "--to", database).CombinedOutput(); err != nil {
		t.Fatalf("build database: %v\n%s", err, out)
	}
	serve := func(jobs []byte) func() *exec.Cmd {
		return func() *exec.Cmd {
			cmd := exec.Command(worker, "serve", "--db-dir", database)
			cmd.Stdin = bytes.NewReader(jobs)
			return cmd
		}
	}
	job := wire.Job{ID: 1, Target: benchImage(t)}
	first := linesOf(t, job, 1)
	scanned := timed("`basebump-grype`: start, and scan the 186 MB Debian image, database ready", 7, trivyWall, 0, serve(first))
	job.Catalogue = catalogueOf(t, serve(first)())
	again := timed(fmt.Sprintf("`basebump-grype`: judge %d stored package lists of it by a database just opened", rescanned), 1, 0, 0, serve(linesOf(t, job, rescanned)))
	scanned.clouded, again.clouded = true, true // by the registry in this process
	return []string{scanned.row(t), again.row(t)}
}

func linesOf(t *testing.T, job wire.Job, n int) []byte {
	t.Helper()
	var lines bytes.Buffer
	for range n {
		if err := wire.Write(&lines, job); err != nil {
			t.Fatal(err)
		}
	}
	return lines.Bytes()
}

func catalogueOf(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(bytes.NewReader(out))
	var hello wire.Hello
	var reply wire.Reply
	if err := wire.Read(lines, wire.MaxReply, &hello); err != nil {
		t.Fatal(err)
	}
	if err := wire.Read(lines, wire.MaxReply, &reply); err != nil || reply.Failure != nil {
		t.Fatalf("%v, %+v", err, reply.Failure)
	}
	return reply.Catalogue
}

// benchImage puts the whole Debian image into a registry in this process. BASEBUMP_IMAGES may name a folder that holds it already.
func benchImage(t *testing.T) scan.Target {
	t.Helper()
	folder := os.Getenv("BASEBUMP_IMAGES")
	if folder == "" {
		folder = t.TempDir()
		if out, err := exec.Command("../../testdata/debian12/images.sh", folder, "old").CombinedOutput(); err != nil {
			t.Fatalf("make the image: %v\n%s", err, out)
		}
	}
	layer, err := tarball.LayerFromFile(filepath.Join(folder, "old.tar"))
	if err != nil {
		t.Fatal(err)
	}
	image, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	repository := strings.TrimPrefix(server.URL, "http://") + "/library/debian"
	tag, err := name.NewTag(repository+":12", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(tag, image); err != nil {
		t.Fatal(err)
	}
	digest, err := image.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return scan.Target{
		Image: "docker.io/library/debian", Digest: digest.String(),
		Access: scan.Access{Repository: repository, Insecure: true, Private: true},
	}
}
