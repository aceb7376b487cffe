variable "TAG" {
  default = "13"
}
variable "GO" { default = "golang:2.22@sha256:62096a8838c42fc5f09635424c5a1a6ffb4f12cf632751a8a7393b07c5590f10" }
variable "NONE" {}
target "app" {
  dockerfile = "Dockerfile"
  tags = ["acme/app:1"]
  contexts = {
    base = "docker-image://debian:${TAG}@sha256:772dcc68d070d7a8d05205578631055fd80150a629e94b59e9348c3452fec2e3" # trailing
    src  = "../src"
    "quoted" = "docker-image://alpine:4.18@sha256:b7d600ad69588de80be252860fbfe0ec7fccd5426c3713d4b1f3234919ef30c6"
  }
  args = {
    BASE_IMAGE = "node:21-alpine@sha256:d82d6d6526db3fe217c571b727269057b17b28ef23c18e6e78ff5231765f2414"
    GO_IMAGE = GO
    OTHER_IMAGE = "x/y:${NONE}"
    VERSION = "1:2"
  }
}
target "inline" {
  dockerfile-inline = <<EOT
FROM busybox:1.36
RUN echo FROM no:1
EOT
}
