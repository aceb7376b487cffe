#!/bin/sh
docker run --rm -it alpine:3.18 true
docker run $IMAGE
