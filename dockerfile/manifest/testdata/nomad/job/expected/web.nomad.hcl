job "web" {
  datacenters = ["dc1"]
  group "web" {
    task "nginx" {
      driver = "docker"
      config {
        image = "nginx:2.25@sha256:b958ee1a76fd7725e94cf17dcd728332f16e6dc8134e53e8cb89d220b66c245e"
        ports = ["http"]
      }
    }
    task "side" {
      driver = "podman"
      config { image = "docker.io/acme/side:${var.tag}@sha256:3bbbb3d26036b53729fc5486c75a49e7ae3a86c3454a4dd0a71d8e13bdcf8aa7" }
    }
    task "scheme" {
      driver = "podman"
      config { image = "docker://docker.io/acme/other:${var.tag}@sha256:6dbbb841be697a6066ee4a6f5f54494e9a85691f1508693cce85cf82a9e66c7e" }
    }
    task "raw" {
      driver = "qemu"
      config {
        image_path = "x.img"
      }
    }
  }
}
variable "tag" {
  default = "v2"
}
