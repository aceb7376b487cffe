package worker_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/grype/worker"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// debian is a whole image where BASEBUMP_IMAGES has one, as testdata/debian12/images.sh makes them; else one of its package data alone.
func debian(b *testing.B, stage string) v1.Image {
	b.Helper()
	if dir := os.Getenv("BASEBUMP_IMAGES"); dir != "" {
		layer, err := tarball.LayerFromFile(filepath.Join(dir, stage+".tar"))
		if err != nil {
			b.Fatal(err)
		}
		return image(b, layer)
	}
	return image(b, layerOf(b, rootfs(b, stage)...))
}

func database(b *testing.B) string {
	b.Helper()
	dir, err := databaseDir()
	if err != nil {
		b.Fatal(err)
	}
	return dir
}

// BenchmarkScan is a worker's first scan: with its start, but for that of the process.
func BenchmarkScan(b *testing.B) {
	target := push(b, host(b, nil), debian(b, "old"))
	dir := database(b)
	for b.Loop() {
		scanOnce(b, dir, target)
	}
}

func scanOnce(b *testing.B, dir string, target scan.Target) {
	b.Helper()
	s, err := worker.Open(context.Background(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Scan(context.Background(), target); err != nil {
		b.Fatal(err)
	}
}

// lists is how many make one run.
const lists = 100

// BenchmarkRescan judges stored package lists by one database.
func BenchmarkRescan(b *testing.B) {
	s, err := worker.Open(context.Background(), database(b))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	target := push(b, host(b, nil), debian(b, "old"))
	_, catalogue, err := s.ScanBy(context.Background(), target, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(len(catalogue)), "B/list")
	for b.Loop() {
		for range lists {
			if _, _, err := s.ScanBy(context.Background(), target, catalogue); err != nil {
				b.Fatal(err)
			}
		}
	}
}
