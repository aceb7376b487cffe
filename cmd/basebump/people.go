package main

import (
	"context"

	"github.com/basebump/basebump/bot"
)

// social says whether people can write to us where a repository is.
func (s *service) social(repo bot.Repository) bool {
	forge := s.forge
	if several, ok := forge.(*hosts); ok {
		forge = several.of(repo)
	}
	return onGitHub(forge) != nil
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
