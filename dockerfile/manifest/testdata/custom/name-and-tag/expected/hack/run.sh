#!/bin/sh
docker run --rm -it alpine:4.18@sha256:b7d600ad69588de80be252860fbfe0ec7fccd5426c3713d4b1f3234919ef30c6 true
docker run $IMAGE
