package main

import (
	"context"

	"github.com/basebump/basebump/bot"
)

// social says whether people can write to us where a repository is. One that no cycle has found as it is now was named by a webhook.
func (s *service) social(repo bot.Repository) bool {
	if several, ok := s.forge.(*hosts); ok {
		if found := several.of(repo); found != nil {
			return onGitHub(found) != nil
		}
	}
	return onGitHub(s.forge) != nil
}

// people are who listens to what webhooks tell of them.
func (s *service) people() listeners {
	return listeners{
		comment: s.talk.Answer,
		issue:   s.talk.AnswerIssue,
		pull: func(ctx context.Context, pull bot.Pull) error {
			return bot.Proofread(ctx, onGitHub(s.forge), s.customize, pull.Repository, pull.Head)
		},
	}
}
