/* image = "no:1" */
# basebump: ignore
resource "docker_image" "held" { name = "nginx:2.25@sha256:b958ee1a76fd7725e94cf17dcd728332f16e6dc8134e53e8cb89d220b66c245e" }
// basebump: ignore reason=two
resource "docker_image" "two" {
  name = "nginx:2.25@sha256:b958ee1a76fd7725e94cf17dcd728332f16e6dc8134e53e8cb89d220b66c245e"
}
resource "docker_image" "three" {
  /* basebump: ignore */
  name = "redis:8@sha256:80a3cacb1bee098ffce0db01e1b3f2c2a2ab8a1d2ad9fe26a9711bfb2099b67c"
}
resource "docker_image" "four" {
  name = "redis:8@sha256:80a3cacb1bee098ffce0db01e1b3f2c2a2ab8a1d2ad9fe26a9711bfb2099b67c"
}
resource "kubernetes_deployment" "d" {
  spec { template { spec { container {
    image = "alpine@sha256:b7d600ad69588de80be252860fbfe0ec7fccd5426c3713d4b1f3234919ef30c6" # 4.18
    name  = "a"
  } } } }
}
