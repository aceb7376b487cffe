variable "TAG" { default = "13" }
variable "BASE" {
  default = "docker-image://alpine:4.18@sha256:b7d600ad69588de80be252860fbfe0ec7fccd5426c3713d4b1f3234919ef30c6"
}
target "a" {
  contexts = {
    base  = "docker-image://debian:${TAG}@sha256:772dcc68d070d7a8d05205578631055fd80150a629e94b59e9348c3452fec2e3"
    other = BASE
    src   = "target:b"
    git   = "https://github.com/acme/x.git"
    // basebump: ignore
    held  = "docker-image://node@sha256:d78dde589f46741701f1fd828f16299af5e78bb1b866dc597412088c823cc3f3"
  }
  args = { GO_IMAGE = "golang:2.22@sha256:62096a8838c42fc5f09635424c5a1a6ffb4f12cf632751a8a7393b07c5590f10", VERSION = "1" }
  tags = ["acme/out:1"]
}
