job "a" {
  group "g" {
    task "t" {
      driver = "docker"
      config {
        # image = "no:1"
        image = "nginx:2.25@sha256:b958ee1a76fd7725e94cf17dcd728332f16e6dc8134e53e8cb89d220b66c245e"
      }
    }
    task "u" {
      driver = "podman"
      config {
        // basebump: ignore
        image = "docker.io/library/redis:8@sha256:80a3cacb1bee098ffce0db01e1b3f2c2a2ab8a1d2ad9fe26a9711bfb2099b67c"
      }
    }
    task "artifact" {
      driver = "exec"
      config { command = "image" }
    }
  }
}
