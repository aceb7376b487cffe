FROM alpine:3.18
