package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/dockerfile"
	"github.com/basebump/basebump/dockerfile/manifest"
)

// TestFilesReadTogether: what a Compose file takes from its .env file, and what it includes, is read and changed with it.
func TestFilesReadTogether(t *testing.T) {
	t.Parallel()
	files := tree{
		"a/compose.yaml": "include: [db.part]\nservices: {web: {image: 'nginx:${TAG}'}}\n",
		"a/db.part":      "services: {db: {image: 'postgres:${PG}'}}\n",
		"a/.env":         "TAG=1\nPG=16\n",
		"b/compose.yaml": "services: {web: {image: 'nginx:${TAG}'}}\n",
	}
	snapshot, err := bot.Extract(t.Context(), files, nil, manifest.Set{})
	if err != nil {
		t.Fatal(err)
	}
	var bumps []bot.Bump
	for _, ref := range snapshot.References {
		bumps = append(bumps, bot.Bump{Image: ref.Image, To: bot.Version{Tag: ref.Tag + ".5"}, References: snapshot.References[len(bumps) : len(bumps)+1]})
	}
	changed, rejected := bot.Rewrite(snapshot, bumps)
	if len(bumps) != 2 || len(snapshot.Skipped) != 1 || len(rejected) > 0 {
		t.Errorf("%d references, skipped %v, rejected %v", len(bumps), snapshot.Skipped, rejected)
	}
	if diff := cmp.Diff(map[string][]byte{"a/.env": []byte("TAG=1.5\nPG=16.5\n")}, changed); diff != "" {
		t.Error(diff)
	}
}

// TestTagAlone: a reference that has no place for a digest is moved by its tag; a new build of its tag cannot be written.
func TestTagAlone(t *testing.T) {
	t.Parallel()
	files := tree{"prometheus.yaml": "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nspec:\n  baseImage: quay.io/prometheus/prometheus\n  version: v2.53.0\n"}
	snapshot, err := bot.Extract(t.Context(), files, nil, manifest.Set{})
	if err != nil || len(snapshot.References) != 1 {
		t.Fatalf("%v, %v", snapshot.References, err)
	}
	move := func(tag string) (map[string][]byte, []dockerfile.Rejected) {
		return bot.Rewrite(snapshot, []bot.Bump{{To: bot.Version{Tag: tag, Digest: newDigest}, References: snapshot.References}})
	}
	changed, rejected := move("v2.53.1")
	want := strings.Replace(files["prometheus.yaml"], "v2.53.0", "v2.53.1", 1)
	if string(changed["prometheus.yaml"]) != want || len(rejected) > 0 {
		t.Errorf("%s, %v rejected", changed, rejected)
	}
	changed, rejected = move("v2.53.0")
	if len(changed) > 0 || len(rejected) != 1 || rejected[0].Reason != "there is no place for a digest here; the tag alone is kept current" {
		t.Errorf("%s, %v rejected", changed, rejected)
	}
}
