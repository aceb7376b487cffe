package manifest

import (
	"fmt"
	"testing"
)

const benchDeployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-%[1]d
  labels: {app.kubernetes.io/name: app, app.kubernetes.io/instance: app-%[1]d}
spec:
  replicas: 3
  selector:
    matchLabels: {app.kubernetes.io/instance: app-%[1]d}
  template:
    metadata:
      labels: {app.kubernetes.io/instance: app-%[1]d}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      securityContext:
        runAsNonRoot: true
      containers:
        - name: app
          image: ghcr.io/acme/app-%[1]d:v1.%[1]d.0
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {memory: 256Mi}
`

const benchService = `apiVersion: v1
kind: Service
metadata:
  name: app-%[1]d
  labels: {app.kubernetes.io/name: app, app.kubernetes.io/instance: app-%[1]d}
spec:
  selector:
    app.kubernetes.io/instance: app-%[1]d
  ports:
    - name: http
      port: 80
      targetPort: 8080
      protocol: TCP
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: app-%[1]d
data:
  app.properties: |
    listen=0.0.0.0:8080
    workers=4
`

const benchDockerfile = `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.%[1]d
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build
WORKDIR /src
RUN --mount=type=cache,target=/go/pkg/mod \
    apk add --no-cache git make && \
    make app-%[1]d
FROM gcr.io/distroless/static:nonroot
COPY --from=build /out/app /usr/bin/app
ENTRYPOINT ["/usr/bin/app"]
`

// BenchmarkTree reads the files of a large repository: 300 Dockerfiles, and 1,700 files of YAML of which 600 name images.
func BenchmarkTree(b *testing.B) {
	type file struct {
		path string
		data []byte
	}
	var files []file
	for i := range 2000 {
		format, path := benchService, "deploy/app-%d/service.yaml"
		switch {
		case i < 300:
			format, path = benchDockerfile, "services/app-%d/Dockerfile"
		case i < 900:
			format, path = benchDeployment, "deploy/app-%d/deployment.yaml"
		}
		files = append(files, file{fmt.Sprintf(path, i), fmt.Appendf(nil, format, i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		references := 0
		for _, file := range files {
			if MayHold(file.path, int64(len(file.data))) {
				references += len(Extract(file.path, file.data).References)
			}
		}
		if references != 3*300+600 {
			b.Fatalf("found %d references", references)
		}
	}
}
