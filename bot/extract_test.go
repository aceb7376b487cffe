package bot_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
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
