//go:build bench

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

const (
	largeDockerfile = "# syntax=docker/dockerfile:1\nARG GO_VERSION=1.%[1]d\nFROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build\nWORKDIR /src\n" +
		"RUN --mount=type=cache,target=/go/pkg/mod \\\n    apk add --no-cache git make && \\\n    make app-%[1]d\nFROM gcr.io/distroless/static:nonroot\n" +
		"COPY --from=build /out/app /usr/bin/app\nENTRYPOINT [\"/usr/bin/app\"]\n"
	largeDeployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-%[1]d\n  labels: {app.kubernetes.io/name: app, app.kubernetes.io/instance: app-%[1]d}\n" +
		"spec:\n  replicas: 3\n  selector:\n    matchLabels: {app.kubernetes.io/instance: app-%[1]d}\n  template:\n    metadata:\n" +
		"      labels: {app.kubernetes.io/instance: app-%[1]d}\n      annotations:\n        prometheus.io/scrape: \"true\"\n    spec:\n" +
		"      securityContext:\n        runAsNonRoot: true\n      containers:\n        - name: app\n          image: ghcr.io/acme/app-%[1]d:v1.%[1]d.0\n" +
		"          ports:\n            - containerPort: 8080\n          env:\n            - name: LOG_LEVEL\n              value: info\n" +
		"          resources:\n            requests: {cpu: 100m, memory: 128Mi}\n            limits: {memory: 256Mi}\n"
	largeService = "apiVersion: v1\nkind: Service\nmetadata:\n  name: app-%[1]d\n  labels: {app.kubernetes.io/name: app, app.kubernetes.io/instance: app-%[1]d}\n" +
		"spec:\n  selector:\n    app.kubernetes.io/instance: app-%[1]d\n  ports:\n    - name: http\n      port: 80\n      targetPort: 8080\n      protocol: TCP\n" +
		"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-%[1]d\ndata:\n  app.properties: |\n    listen=0.0.0.0:8080\n    workers=4\n"
)

// largeTreeRow measures the extraction of 300 Dockerfiles and 1,700 files of YAML, of which 600 name an image.
func largeTreeRow(t *testing.T, basebump string) string {
	t.Helper()
	root := t.TempDir()
	for i := range 2000 {
		format, path := largeService, "deploy/app-%d/service.yaml"
		switch {
		case i < 300:
			format, path = largeDockerfile, "services/app-%d/Dockerfile"
		case i < 900:
			format, path = largeDeployment, "deploy/app-%d/deployment.yaml"
		}
		path = filepath.Join(root, fmt.Sprintf(path, i))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, fmt.Appendf(nil, format, i), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return measured("`basebump extract` on 2,000 files (300 Dockerfiles, 1,700 YAML of which 600 name images)", 9, 600*time.Millisecond, 80<<20,
		basebump, "extract", root, "--output", "json").row(t)
}
