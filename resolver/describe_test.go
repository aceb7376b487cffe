package resolver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/resolver"
	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
)

var built = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// image makes an image of one layer; a zero platform is not written into it.
func image(t *testing.T, platform v1.Platform, created time.Time, labels map[string]string) v1.Image {
	t.Helper()
	base, err := random.Image(100, 1)
	if err != nil {
		t.Fatal(err)
	}
	out, err := mutate.ConfigFile(base, &v1.ConfigFile{
		OS: platform.OS, Architecture: platform.Architecture, Variant: platform.Variant, OSVersion: platform.OSVersion,
		Created: v1.Time{Time: created}, Config: v1.Config{Labels: labels}, RootFS: must(base.ConfigFile()).RootFS,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func child(image v1.Image, platform *v1.Platform, annotations map[string]string) mutate.IndexAddendum {
	return mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: platform, Annotations: annotations}}
}

func digestOf(t *testing.T, image v1.Image) string {
	t.Helper()
	return must(image.Digest()).String()
}

func TestDescribeIndex(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	amd, arm, windows := v1.Platform{OS: "linux", Architecture: "amd64"}, v1.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}, v1.Platform{OS: "windows", Architecture: "amd64", OSVersion: "10.0.20348.1"}
	armv7, unknown := v1.Platform{OS: "linux", Architecture: "arm", Variant: "v7"}, v1.Platform{OS: "unknown", Architecture: "unknown"}
	images := []v1.Image{
		image(t, amd, built.Add(-time.Hour), map[string]string{"a": "1"}),
		image(t, arm, built, map[string]string{"a": "2"}),
		image(t, armv7, built.Add(-2*time.Hour), nil),
		image(t, windows, built.Add(48*time.Hour*365), nil), // from the future
		image(t, unknown, built.Add(time.Hour), nil),
	}
	index := mutate.AppendManifests(empty.Index, child(images[0], &amd, nil), child(images[4], &unknown, nil), child(images[1], &arm, nil),
		child(images[2], &armv7, nil), child(images[3], &windows, nil), child(images[0], &amd, nil),
		child(images[4], nil, map[string]string{"vnd.docker.reference.type": "attestation-manifest"}))
	digest := r.push(t, "acme/base:3", mutate.Annotations(index, map[string]string{"a": "index", "b": "index"}).(v1.ImageIndex))

	c := client(t, named(r))
	got, err := c.Describe(t.Context(), r.host+"/acme/base", digest)
	if err != nil {
		t.Fatal(err)
	}
	want := resolver.Image{
		Digest: digest, Created: built, Size: must(must(images[0].Layers())[0].Size()), Labels: map[string]string{"a": "1", "b": "index"},
		Platforms: []resolver.Platform{
			{Name: "linux/amd64", Digest: digestOf(t, images[0])},
			{Name: "linux/arm64", Digest: digestOf(t, images[1])},
			{Name: "linux/arm/v7", Digest: digestOf(t, images[2])},
			{Name: "windows/amd64:10.0.20348.1", Digest: digestOf(t, images[3])},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Requests() != 1+1+4*2 { // ping, index, manifest and configuration of each platform
		t.Errorf("%d requests: %q", c.Requests(), r.asked())
	}
}

func TestDescribeTrustsTheIndexForAges(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	amd, arm := v1.Platform{OS: "linux", Architecture: "amd64"}, v1.Platform{OS: "linux", Architecture: "arm64"}
	index := mutate.AppendManifests(empty.Index,
		child(image(t, amd, time.Time{}, nil), &amd, map[string]string{"org.opencontainers.image.created": "2026-11-01T00:00:00Z"}),
		child(image(t, arm, time.Time{}, nil), &arm, map[string]string{"org.opencontainers.image.created": "2026-11-20T08:00:00Z"}))
	digest := r.push(t, "acme/base:3", index)
	c := client(t, named(r))
	got, err := c.Describe(t.Context(), r.host+"/acme/base", digest)
	if err != nil || !got.Created.Equal(built) || len(got.Platforms) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if c.Requests() != 1+1+2 { // ping, index, manifest and configuration of the first platform
		t.Errorf("%d requests: %q", c.Requests(), r.asked())
	}
}

func TestDescribePlainManifest(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	for tag, tc := range map[string]struct {
		platform v1.Platform
		created  time.Time
		name     string
		want     time.Time
	}{
		"full":    {v1.Platform{OS: "linux", Architecture: "arm64", Variant: "v8"}, built, "linux/arm64", built},
		"nothing": {v1.Platform{}, time.Time{}, "linux/amd64", time.Time{}},
		"epoch":   {v1.Platform{OS: "linux", Architecture: "s390x"}, time.Unix(0, 0), "linux/s390x", time.Time{}},
	} {
		image := image(t, tc.platform, tc.created, nil)
		digest := r.push(t, "acme/base:"+tag, image)
		got, err := client(t, named(r)).Describe(t.Context(), r.host+"/acme/base", digest)
		want := resolver.Image{
			Digest: digest, Created: tc.want, Labels: map[string]string{}, Size: must(must(image.Layers())[0].Size()),
			Platforms: []resolver.Platform{{Name: tc.name, Digest: digest}},
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", tag, err, diff)
		}
		wantAsked(t, r, "GET /v2/", "GET /v2/acme/base/manifests/"+digest, "GET /v2/acme/base/blobs/"+must(image.ConfigName()).String())
	}
}

// contents serves manifests and blobs by their true digests, without judging them.
type contents map[string][]byte

func (c contents) add(body []byte) v1.Descriptor {
	hash, size, err := v1.SHA256(bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	c[hash.String()] = body
	return v1.Descriptor{Digest: hash, Size: size}
}

func (c contents) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	digest := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:]
	body, ok := c[digest]
	if !ok && req.URL.Path != "/v2/" {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, registryError("MANIFEST_UNKNOWN"))
		return
	}
	_, _ = w.Write(body)
}

func (c contents) manifest(config v1.Descriptor) v1.Descriptor {
	return c.add(must(json.Marshal(map[string]any{"config": config, "layers": []map[string]int{{"size": 7}, {"size": -5}}})))
}

func (c contents) index(children ...v1.Descriptor) v1.Descriptor {
	return c.add(must(json.Marshal(map[string]any{"manifests": children})))
}

func TestDescribeHostileImages(t *testing.T) {
	t.Parallel()
	all := contents{}
	config := all.add([]byte(`{"os":"linux","architecture":"amd64","created":"yesterday"}`))
	plain := all.manifest(config)
	linux := &v1.Platform{OS: "linux", Architecture: "amd64"}
	of := func(d v1.Descriptor, p *v1.Platform) v1.Descriptor { d.Platform = p; return d }
	nested := of(all.index(plain), linux)
	nested.MediaType = "application/vnd.oci.image.index.v1+json"
	lying := all.index(plain, plain)
	all[lying.Digest.String()] = []byte(`{"manifests":[]}`)
	short := config
	short.Size--
	missing := v1.Descriptor{Digest: v1.Hash{Algorithm: "sha256", Hex: strings.Repeat("0", 64)}}
	many := make([]v1.Descriptor, 10_000)
	platforms := make([]v1.Descriptor, 100)
	for i := range many {
		many[i] = of(plain, linux)
	}
	for i := range platforms {
		platforms[i] = of(plain, &v1.Platform{OS: "linux", Architecture: fmt.Sprintf("cpu%d", i)})
	}
	for _, tc := range []struct {
		name   string
		digest v1.Descriptor
		class  fault.Class
		want   string // "…" where the library's words follow
	}{
		{"10,000 children", all.index(many...), fault.Permanent, "its index lists 10000 manifests, more than 512"},
		{"100 platforms", all.index(platforms...), fault.Permanent, "its index lists 100 platforms, more than 64"},
		{"only a nested index", all.index(nested), fault.Permanent, "its index lists no image that can run"},
		{"an index behind a platform", all.index(of(all.index(plain), linux)), fault.Permanent, "its manifest names no configuration"},
		{"a platform that is no name", all.index(of(plain, &v1.Platform{OS: "a|b\n", Architecture: "x"})), fault.Permanent, "its index lists no image that can run"},
		{"not there", missing, fault.NotFound, "digest not found in quay.io/acme/base"},
		{"a child that is not there", all.index(of(missing, linux)), fault.NotFound, "digest not found in quay.io/acme/base"},
		{"wrong digest", lying, fault.Permanent, "manifest digest: …"},
		{"no manifest", all.add([]byte("<html>")), fault.Permanent, "read manifest: …"},
		{"manifest too large", all.add(bytes.Repeat([]byte(" "), 4<<20+1)), fault.Permanent, "the answer is larger than 4 MiB"},
		{"configuration too large", all.manifest(all.add(bytes.Repeat([]byte(" "), 8<<20+1))), fault.Permanent, "the answer is larger than 8 MiB"},
		{"configuration of another size", all.manifest(short), fault.Permanent, "its configuration has 59 bytes, its manifest says 58"},
		{"no configuration", all.manifest(all.add([]byte("{"))), fault.Permanent, "read image configuration: …"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := client(t, resolver.Options{Transport: serve(t, all).stands()})
			_, err := c.Describe(t.Context(), "quay.io/acme/base", tc.digest.Digest.String())
			start, library := strings.CutSuffix(tc.want, "…")
			prefix := "describe quay.io/acme/base@" + tc.digest.Digest.String() + ": "
			if err == nil || fault.ClassOf(err) != tc.class || !strings.HasPrefix(err.Error(), prefix+start) || (!library && err.Error() != prefix+tc.want) {
				t.Errorf("got %v of class %q, want %s%s of class %q", err, fault.ClassOf(err), prefix, tc.want, tc.class)
			}
		})
	}
	got, err := client(t, resolver.Options{Transport: serve(t, all).stands()}).Describe(t.Context(), "quay.io/acme/base", plain.Digest.String())
	if err != nil || !got.Created.IsZero() || got.Size != 7 {
		t.Errorf("a garbled date and a negative size: %+v, %v", got, err)
	}
}

func TestDescribeCutsLabels(t *testing.T) {
	t.Parallel()
	r := realRegistry(t)
	labels := map[string]string{"long": strings.Repeat("ä", 2000), strings.Repeat("k", 500): "v", "bad": "\xff"}
	for i := range 100 {
		labels[fmt.Sprintf("z%02d", i)] = "x"
	}
	digest := r.push(t, "acme/base:3", image(t, v1.Platform{}, built, labels))
	got, err := client(t, named(r)).Describe(t.Context(), r.host+"/acme/base", digest)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Labels) != 64 || got.Labels["long"] != strings.Repeat("ä", 512) || got.Labels["bad"] != "�" || got.Labels[strings.Repeat("k", 500)] != "" {
		t.Errorf("%d labels, long one of %d bytes, bad one %q", len(got.Labels), len(got.Labels["long"]), got.Labels["bad"])
	}
}
