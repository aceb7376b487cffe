# syntax=docker/dockerfile:1
ARG GO_VERSION=1.26
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG TARGETOS TARGETARCH VERSION=unknown
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    GOOS=$TARGETOS GOARCH=$TARGETARCH make VERSION="$VERSION" build

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /src/bin/basebump /src/bin/basebump-grype /usr/local/bin/
USER 65532:65532
ENV XDG_CACHE_HOME=/var/lib
VOLUME /var/lib/basebump
EXPOSE 8080
ENTRYPOINT ["basebump"]
CMD ["serve"]
