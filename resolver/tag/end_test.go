package tag_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/basebump/basebump/resolver/tag"
	"github.com/google/go-cmp/cmp"
)

func TestEnded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		image, tag string
		want       []string
	}{
		{"docker.io/library/node", "18-alpine", []string{"Node.js 18 reached its end of life on 2025-04-30; 26"}},
		{"docker.io/library/node", "18.20.1-bullseye-slim", []string{"Node.js 18 reached its end of life on 2025-04-30; 26", "Debian 11 reached its end of life on 2026-08-31; 13"}},
		{"docker.io/library/node", "24-alpine3.17", []string{"Alpine 3.17 reached its end of life on 2024-11-22; 3.24"}},
		{"docker.io/library/debian", "buster", []string{"Debian 10 reached its end of life on 2024-06-30; 13"}},
		{"docker.io/library/debian", "12", nil},
		{"docker.io/library/ubuntu", "23.10", []string{"Ubuntu 23.10 reached its end of life on 2024-07-11; 26.04"}},
		{"docker.io/library/python", "3", nil},
		{"docker.io/library/python", "3.9-slim", []string{"Python 3.9 reached its end of life on 2025-10-31; 3.14"}},
		{"docker.io/library/golang", "1.25.3", []string{"Go 1.25 reached its end of life on 2026-08-19; 1.27"}},
		{"docker.io/library/maven", "3.9.6-eclipse-temurin-20", []string{"Java 20 reached its end of life on 2023-09-19; 25"}},
		{"docker.io/library/eclipse-temurin", "8u392-b08-jdk", nil},
		{"quay.io/prometheus/node-exporter", "1.7.0", nil},
		{"docker.io/calico/node", "v4.0.1", nil},
		{"docker.io/kindest/node", "v1.27.3", nil},
		{"docker.io/library/redis", "5", nil},
		{"docker.io/library/node", "latest", nil},
	} {
		var got []string
		for _, e := range tag.Builtin().Ended(tc.image, tc.tag, today) {
			got = append(got, fmt.Sprintf("%s; %s", e, e.Successor))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s:%s: %s", tc.image, tc.tag, diff)
		}
	}
	lastDay := time.Date(2025, 4, 30, 23, 0, 0, 0, time.UTC)
	if ends := tag.Builtin().Ended("docker.io/library/node", "18", lastDay); ends != nil {
		t.Errorf("on its last day: %v", ends)
	}
}

func TestMovedTo(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"k8s.gcr.io/pause":                    "registry.k8s.io/pause true",
		"docker.io/bitnami/redis":             "docker.io/bitnamilegacy/redis true",
		"docker.io/bitnamilegacy/redis":       " false",
		"docker.io/library/openjdk":           "docker.io/library/eclipse-temurin true",
		"docker.io/library/centos":            " true",
		"mcr.microsoft.com/dotnet/core/sdk":   "mcr.microsoft.com/dotnet/sdk true",
		"mcr.microsoft.com/dotnet/sdk":        " false",
		"docker.io/library/openjdk-something": " false",
		"docker.io/minio/mc":                  "quay.io/minio/mc true",
		"quay.io/minio/minio":                 " true",
		"docker.io/library/vault":             "docker.io/hashicorp/vault true",
		"docker.io/library/unit":              " true",
	} {
		moved, ok := tag.Builtin().MovedTo(image)
		if got := fmt.Sprint(moved.To, " ", ok); got != want {
			t.Errorf("%s: got %q, want %q", image, got, want)
		}
	}
}

// TestData reads what is built in and holds it to what the code relies on.
func TestData(t *testing.T) {
	t.Parallel()
	data, err := tag.ReadData(tag.BuiltinJSON())
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range data.Sources {
		if source.Name == "" || source.URL == "" || source.Date == "" {
			t.Errorf("source %+v lacks its origin", source)
		}
	}
	for _, moved := range data.Moved {
		if moved.Why == "" || moved.Source == "" || moved.Date == "" {
			t.Errorf("%s moved, but why, or who says so, is not told", moved.From)
		}
	}
	for _, product := range data.Products {
		for i, line := range product.Lines {
			if line.EOL != "" && line.EOL < line.Released {
				t.Errorf("%s %s ends before it begins", product.Name, line.Line)
			}
			if i > 0 && tag.CompareLines(product.Lines[i-1].Line, line.Line) <= 0 {
				t.Errorf("%s: %s stands before %s", product.Name, product.Lines[i-1].Line, line.Line)
			}
		}
	}
	for _, bad := range []string{"", "{", `{"products":[{"lines":[{"line":"1","eol":"soon"}]}]}`} {
		if _, err := tag.ReadData([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
