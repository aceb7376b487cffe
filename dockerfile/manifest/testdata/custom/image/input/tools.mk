# Tools
BUILD_IMAGE := golang:1.22   # the compiler
RUN_IMAGE=gcr.io/distroless/static@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef # 1.2
# basebump: ignore reason=by hand
TEST_IMAGE := node:20
OLD_IMAGE = $(REGISTRY)/x:1
BASE_IMAGE = debian:12