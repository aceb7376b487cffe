job "a" {
  group "g" {
    task "t" {
      driver = "docker"
      config {
        # image = "no:1"
        image = "nginx:1.25"
      }
    }
    task "u" {
      driver = "podman"
      config {
        // basebump: ignore
        image = "docker.io/library/redis:7"
      }
    }
    task "artifact" {
      driver = "exec"
      config { command = "image" }
    }
  }
}
