// Package githubtest is a GitHub in one process: the part of the REST API that basebump uses, with real Git objects in memory.
//
// A Server serves the API; its methods and those of Repo play the people: they push, merge, close, comment, archive, install and
// uninstall, order faults, and look at the outcome. Operations lists what is answered. Of GraphQL there are the two mutations
// of auto-merge; there is no Git protocol, no review, team or milestone; a former repository name redirects to the new one, not to the repository's number.
//
// It answers as GitHub answers, refusals included: tokens are checked, narrowed and expire, refs move by the fast-forward rule,
// lists are paged, limits are counted, webhooks are signed. Its clock is passed in. The demo ships it, so the package must not
// import package testing; package contract, which holds it to GitHub's published description, is for tests alone.
package githubtest
