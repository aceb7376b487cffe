package main

import (
	"bufio"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/wire"
)

// blindScanner stands in for basebump-grype in scripts: it finds nothing in any image.
func blindScanner() {
	_ = wire.Write(os.Stdout, wire.Hello{Scanner: scan.Tool{Name: "grype", Version: "0"}, Database: wire.Database{Built: time.Now()}})
	in := bufio.NewReader(os.Stdin)
	for {
		var job wire.Job
		if wire.Read(in, wire.MaxJob, &job) != nil {
			return
		}
		report := scan.Report{Image: job.Target.Image, Digest: job.Target.Digest, Platform: job.Target.Platform, DatabaseBuilt: time.Now()}
		_ = wire.Write(os.Stdout, wire.Reply{ID: job.ID, Report: &report})
	}
}

// imageOf makes an image for "PLATFORM=NOTE"; images with other notes are other images.
func imageOf(ts *testscript.TestScript, arg string) (v1.Image, *v1.Platform) {
	text, note, _ := strings.Cut(arg, "=")
	platform, err := v1.ParsePlatform(text)
	ts.Check(err)
	image, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{
		OS: platform.OS, Architecture: platform.Architecture, Variant: platform.Variant, OSVersion: platform.OSVersion,
		Created: v1.Time{Time: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}, Config: v1.Config{Labels: map[string]string{"note": note}},
	})
	ts.Check(err)
	return image, platform
}

// pushScriptImage is "image VAR REPOSITORY:TAG PLATFORM=NOTE": it makes the tag answer one platform's manifest and sets VAR to its digest.
func pushScriptImage(ts *testscript.TestScript, _ bool, args []string) {
	image, _ := imageOf(ts, args[2])
	ts.Check(remote.Write(scriptTag(ts, args[1]), image))
	setDigest(ts, args[0], image)
}

// pushScriptIndex is "index VAR REPOSITORY:TAG PLATFORM=NOTE...": it makes the tag answer an index and sets VAR to its digest.
func pushScriptIndex(ts *testscript.TestScript, _ bool, args []string) {
	var index v1.ImageIndex = empty.Index
	for _, arg := range args[2:] {
		image, platform := imageOf(ts, arg)
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform}})
	}
	ts.Check(remote.WriteIndex(scriptTag(ts, args[1]), index))
	setDigest(ts, args[0], index)
}

// dropManifest is "drop REPOSITORY TAG|DIGEST": the registry forgets it.
func dropManifest(ts *testscript.TestScript, _ bool, args []string) {
	req, err := http.NewRequest(http.MethodDelete, "http://"+ts.Getenv("REGISTRY")+"/v2/"+args[0]+"/manifests/"+args[1], nil)
	ts.Check(err)
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		ts.Fatalf("drop %s: %s", args, resp.Status)
	}
}

func scriptTag(ts *testscript.TestScript, path string) name.Tag {
	tag, err := name.NewTag(ts.Getenv("REGISTRY")+"/"+path, name.Insecure)
	ts.Check(err)
	return tag
}

func setDigest(ts *testscript.TestScript, variable string, content interface{ Digest() (v1.Hash, error) }) {
	digest, err := content.Digest()
	ts.Check(err)
	ts.Setenv(variable, digest.String())
}
