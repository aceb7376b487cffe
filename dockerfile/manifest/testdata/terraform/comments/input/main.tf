/* image = "no:1" */
# basebump: ignore
resource "docker_image" "held" { name = "nginx:1.25" }
// basebump: ignore reason=two
resource "docker_image" "two" {
  name = "nginx:1.25"
}
resource "docker_image" "three" {
  /* basebump: ignore */
  name = "redis:7"
}
resource "docker_image" "four" {
  name = "redis:7"
}
resource "kubernetes_deployment" "d" {
  spec { template { spec { container {
    image = "alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" # 3.18
    name  = "a"
  } } } }
}
