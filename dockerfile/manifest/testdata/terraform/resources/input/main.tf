resource "docker_image" "nginx" {
  name = "nginx:1.25"
}
resource "docker_container" "nginx" {
  name  = "web"
  image = docker_image.nginx.image_id
}
resource "docker_container" "redis" {
  image = "redis:${var.redis_version}"
}
variable "redis_version" {
  type    = string
  default = "7.2"
}
variable "app_image" {
  default = "ghcr.io/acme/app:v1.2"
}
data "docker_registry_image" "debian" {
  name = "debian:12"
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
          image = "quay.io/acme/side:2" # side
        }
      }
    }
  }
}
resource "aws_ecs_task_definition" "x" {
  container_definitions = jsonencode([
    { name = "a", image = "public.ecr.aws/x/y:1.2" },
    { "name": "b", "image": "z:3" },
  ])
}
resource "digitalocean_droplet" "x" {
  image = "ubuntu:22"
}
locals {
  v = "4"
  job_image = "acme/job:${local.v}"
}
// image = "no:1"
