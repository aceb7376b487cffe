variable "TAG" { default = "12" }
variable "BASE" {
  default = "docker-image://alpine:3.18"
}
target "a" {
  contexts = {
    base  = "docker-image://debian:${TAG}"
    other = BASE
    src   = "target:b"
    git   = "https://github.com/acme/x.git"
    // basebump: ignore
    held  = "docker-image://node@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
  args = { GO_IMAGE = "golang:1.22", VERSION = "1" }
  tags = ["acme/out:1"]
}
