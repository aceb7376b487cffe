load("@io_bazel_rules_docker//container:container.bzl", "container_pull")

def images():
    container_pull(name = "base", registry = "index.docker.io", repository = "library/debian", tag = "12")
    if True:
        container_pull(
            name = "go",
            registry = "gcr.io",
            repository = "acme/go",
            digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            tag = "v1",
        )
