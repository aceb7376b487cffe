# Tools
BUILD_IMAGE := golang:2.22@sha256:62096a8838c42fc5f09635424c5a1a6ffb4f12cf632751a8a7393b07c5590f10   # the compiler
RUN_IMAGE=gcr.io/distroless/static@sha256:46e65a4e448ee02a2bbef762fa9c674341813967ee065619addff7c144dcbdaa # 2.2
# basebump: ignore reason=by hand
TEST_IMAGE := node:21@sha256:b5e00d29a7e9f165c3142657e17cf89cb0be7bb10adc2d3960260750c192bded
OLD_IMAGE = $(REGISTRY)/x:1
BASE_IMAGE = debian:13@sha256:772dcc68d070d7a8d05205578631055fd80150a629e94b59e9348c3452fec2e3