job "web" {
  datacenters = ["dc1"]
  group "web" {
    task "nginx" {
      driver = "docker"
      config {
        image = "nginx:1.25"
        ports = ["http"]
      }
    }
    task "side" {
      driver = "podman"
      config { image = "docker.io/acme/side:${var.tag}" }
    }
    task "scheme" {
      driver = "podman"
      config { image = "docker://docker.io/acme/other:${var.tag}" }
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
  default = "v1"
}
