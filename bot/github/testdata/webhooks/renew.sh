#!/bin/sh
# Makes examples.json.gz again: real webhook payloads, cut from npm package @octokit/webhooks-examples (MIT, contributed by the community)
# to the events that matter to us and some that do not. Needs npm, jq and the network; tests need neither.
set -eu
version=7.6.1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "@octokit/webhooks-examples@$version" >/dev/null && tar xzf octokit-webhooks-examples-*.tgz package/api.github.com/index.json)
jq -c '[.[] | select(.name | IN(
  "check_run", "check_suite", "deployment_status", "fork", "installation", "installation_repositories", "issue_comment", "issues", "ping",
  "pull_request", "push", "repository", "star", "status", "workflow_run")) | {name, examples}]' \
  "$work/package/api.github.com/index.json" | gzip -9n >"$here/examples.json.gz"
