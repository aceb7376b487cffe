resource "docker_image" "nginx" {
  name = "nginx:2.25@sha256:b958ee1a76fd7725e94cf17dcd728332f16e6dc8134e53e8cb89d220b66c245e"
}
resource "docker_container" "nginx" {
  name  = "web"
  image = docker_image.nginx.image_id
}
resource "docker_container" "redis" {
  image = "redis:${var.redis_version}@sha256:3b447e761c21193bbf7529364c2c8155ff5e590b7a05206e81d7704fcf79f6a6"
}
variable "redis_version" {
  type    = string
  default = "8.2"
}
variable "app_image" {
  default = "ghcr.io/acme/app:v2.2@sha256:59dc285eabea338ad6476fff75d744df11f3c32e2f1167911b5784ad0957d263"
}
data "docker_registry_image" "debian" {
  name = "debian:13"
}
resource "docker_registry_image" "pushed" {
  name = "acme/pushed:1"
}
resource "kubernetes_deployment" "app" {
  spec {
    template {
      spec {
        container {
          name  = "app"
          image = var.app_image
        }
        container {
          image = "quay.io/acme/side:3@sha256:bd317f3a25a571fb263330a9859f57e0d045931d40675215dfa9daffe25e85a3" # side
        }
      }
    }
  }
}
resource "aws_ecs_task_definition" "x" {
  container_definitions = jsonencode([
    { name = "a", image = "public.ecr.aws/x/y:2.2@sha256:0dee211b5671583b9c6f6a83c8cda0c3ebe796207c5cc5b5b04cf2378360d93c" },
    { "name": "b", "image": "z:4@sha256:cd361e0c2b9eb7c84cc5d0a3a23cfe064a0bfc56deae7cb9109e10610f89e3b0" },
  ])
}
resource "digitalocean_droplet" "x" {
  image = "ubuntu:22"
}
locals {
  v = "5"
  job_image = "acme/job:${local.v}@sha256:25beaf9dee99781569c4d11c93807ba321535b183bde5290f915c70da1c1f0a7"
}
// image = "no:1"
