package resolver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

const (
	maxLabels     = 64
	maxLabelKey   = 128
	maxLabelValue = 1024

	maxPlatformName = 128

	defaultPlatform = "linux/amd64" // of images that name none, as other tools take them
)

// firstImages is before any image was built; reproducible builds write such dates to say nothing.
var firstImages = time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)

// platformImage is one runnable image of an index.
type platformImage struct {
	name    string
	digest  string
	created time.Time
	size    int64
	labels  map[string]string
}

// imageConfig is what we read of an image's configuration. Its date is text: a bad one is no reason to know nothing of the image.
type imageConfig struct {
	Created      string `json:"created"`
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant"`
	OSVersion    string `json:"os.version"`
	Config       struct {
		Labels map[string]string `json:"Labels"`
	} `json:"config"`
}

// complete adds what only the image's own manifest and configuration tell.
func (s *session) complete(ctx context.Context, image *platformImage, m manifest) error {
	if m.Config.Digest == (v1.Hash{}) {
		return errors.New("its manifest names no configuration")
	}
	config, err := s.config(ctx, m.Config)
	if err != nil {
		return err
	}
	for _, layer := range m.Layers {
		image.size += min(max(layer.Size, 0), math.MaxInt64-image.size)
	}
	if image.name == "" {
		name, ok := platformName(&v1.Platform{OS: config.OS, Architecture: config.Architecture, Variant: config.Variant, OSVersion: config.OSVersion})
		if !ok || name == "" {
			name = defaultPlatform
		}
		image.name = name
	}
	if image.created.IsZero() {
		image.created = plausible(config.Created, s.now())
	}
	image.labels = config.Config.Labels
	return nil
}

func (s *session) config(ctx context.Context, desc v1.Descriptor) (imageConfig, error) {
	blob, err := s.puller.Layer(ctx, s.repo.Digest(desc.Digest.String()))
	if err != nil {
		return imageConfig{}, err
	}
	body, err := blob.Compressed() // as it is: a configuration is not compressed
	if err != nil {
		return imageConfig{}, err
	}
	defer body.Close()
	raw, err := io.ReadAll(body)
	if err != nil {
		return imageConfig{}, err
	}
	if int64(len(raw)) != desc.Size {
		return imageConfig{}, fmt.Errorf("its configuration has %d bytes, its manifest says %d", len(raw), desc.Size)
	}
	var config imageConfig
	if err := json.Unmarshal(raw, &config); err != nil {
		return imageConfig{}, fmt.Errorf("read image configuration: %w", err)
	}
	return config, nil
}

// platformName returns "" for a platform that is not told; ok is false for one that cannot run or is no name.
func platformName(p *v1.Platform) (name string, ok bool) {
	if p == nil || (p.OS == "" && p.Architecture == "") {
		return "", true
	}
	if p.OS == "unknown" || p.Architecture == "unknown" {
		return "", false
	}
	name = p.OS + "/" + p.Architecture
	defaultVariant := (p.Architecture == "arm64" && p.Variant == "v8") || (p.Architecture == "amd64" && p.Variant == "v1")
	if p.Variant != "" && !defaultVariant {
		name += "/" + p.Variant
	}
	if p.OS == "windows" && p.OSVersion != "" {
		name += ":" + p.OSVersion
	}
	plain := strings.NewReplacer("/", "", ":", "").Replace(name)
	return name, p.OS != "" && p.Architecture != "" && isWord(plain, maxPlatformName)
}

// isWord says whether s holds 1 to n letters, digits, dots, dashes and underscores.
func isWord(s string, n int) bool {
	return s != "" && len(s) <= n && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
}

// plausible parses a creation time; zero when it is none, or one that nobody can mean.
func plausible(created string, now time.Time) time.Time {
	t, err := time.Parse(time.RFC3339Nano, created)
	if err != nil || t.Before(firstImages) || t.After(now.Add(24*time.Hour)) {
		return time.Time{}
	}
	return t.UTC()
}

// clipLabels bounds what a hostile image can make us keep. The annotations fill in where the labels are silent.
func clipLabels(labels, annotations map[string]string) map[string]string {
	merged := map[string]string{}
	for _, from := range []map[string]string{labels, annotations} {
		for _, key := range slices.Sorted(maps.Keys(from)) {
			if _, taken := merged[key]; !taken && len(key) <= maxLabelKey && len(merged) < maxLabels {
				merged[key] = clip(from[key], maxLabelValue)
			}
		}
	}
	return merged
}

// clip cuts a text to at most n bytes, between characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return strings.ToValidUTF8(text, "�")
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return strings.ToValidUTF8(text[:n], "�")
}
