variable "TAG" {
  default = "12"
}
variable "GO" { default = "golang:1.22" }
variable "NONE" {}
target "app" {
  dockerfile = "Dockerfile"
  tags = ["acme/app:1"]
  contexts = {
    base = "docker-image://debian:${TAG}" # trailing
    src  = "../src"
    "quoted" = "docker-image://alpine:3.18"
  }
  args = {
    BASE_IMAGE = "node:20-alpine"
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
