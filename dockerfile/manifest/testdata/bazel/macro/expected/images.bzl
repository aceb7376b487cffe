load("@io_bazel_rules_docker//container:container.bzl", "container_pull")

def images():
    container_pull(name = "base", registry = "index.docker.io", repository = "library/debian", tag = "13", digest = "sha256:772dcc68d070d7a8d05205578631055fd80150a629e94b59e9348c3452fec2e3")
    if True:
        container_pull(
            name = "go",
            registry = "gcr.io",
            repository = "acme/go",
            digest = "sha256:aa96bef0f6f0cd5312f9f323dff72570b6346ab585d668823c0db23e066e13e4",
            tag = "v2",
        )
