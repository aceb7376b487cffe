#!/bin/sh
# Makes github.json.gz and webhooks.json.gz again from the published description. Needs npm and the network; tests need neither.
set -eu
version=23.0.2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "@octokit/openapi@$version" >/dev/null && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json)
cd "$here" && go run ./prune "$work/package/generated/api.github.com.json" .
