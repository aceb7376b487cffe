// Package bot is the pipeline: files → references → candidates → verdicts → bumps → pull request.
//
// A stage takes values and returns values; what it needs from outside it asks of the small interfaces in ports.go. The package
// knows no forge's, registry's or scanner's protocol and keeps no state.
package bot
