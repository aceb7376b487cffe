package dockerfile

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

const builtImage = `# syntax=docker/dockerfile:1
ARG GO_VERSION=1.%d
ARG BASE=debian:12
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine AS build
ARG TARGETOS TARGETARCH
WORKDIR /src
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=bind,from=ghcr.io/acme/tools:1.%d,target=/tools \
    apk add --no-cache git make ca-certificates && \
    # keep the layer small
    rm -rf /var/cache/apk/*
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /out/app ./cmd/app
FROM ${BASE}
COPY --from=build /out/app /usr/bin/app
COPY <<EOF /etc/app.conf
listen = 0.0.0.0:8080
EOF
ENTRYPOINT ["/usr/bin/app"]
`

const singleStage = `FROM node:%d-bookworm-slim
LABEL org.opencontainers.image.source="https://example.com/app%d"
ENV NODE_ENV=production PATH=/app/node_modules/.bin:$PATH
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends \
      ca-certificates \
      curl \
      dumb-init \
    && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --chown=node:node . .
EXPOSE 3000
USER node
HEALTHCHECK --interval=30s CMD curl -fsS http://127.0.0.1:3000/healthz || exit 1
CMD ["dumb-init", "node", "server.js"]
`

// fleet makes 300 Dockerfiles of the usual sizes and habits; 369 stages in all.
func fleet() (files [][]byte) {
	for i := range 300 {
		format := singleStage
		if i < 69 {
			format = builtImage
		}
		files = append(files, fmt.Appendf(nil, format, i%30, i))
	}
	return files
}

func BenchmarkExtract300(b *testing.B) {
	files := fleet()
	b.ReportAllocs()
	for b.Loop() {
		references := 0
		for _, file := range files {
			references += len(Extract("Dockerfile", file).References)
		}
		if references != 300+69*3 {
			b.Fatalf("found %d references", references)
		}
	}
}

// BenchmarkParser300 is what Extract is measured against: BuildKit's parser alone.
func BenchmarkParser300(b *testing.B) {
	files := fleet()
	b.ReportAllocs()
	for b.Loop() {
		for _, file := range files {
			result, err := parser.Parse(bytes.NewReader(file))
			if err != nil {
				b.Fatal(err)
			}
			runtime.KeepAlive(result)
		}
	}
}
