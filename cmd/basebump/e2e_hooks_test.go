//go:build e2e

package main

import "testing"

// TestEndToEndWebhooks goes from a push on GitHub to the visit of that repository, by the real clock: it takes some seconds.
func TestEndToEndWebhooks(t *testing.T) {
	t.Parallel()
	s := newServing(t)
	s.start()
	pages := s.expect(`pages=(http://\S+/) .*webhooks=true`)[1]
	s.expect(`msg="cycle done"`)
	s.push(pages)
	s.expect(`msg="event done" event=push`)
	s.expect(`msg="visit done" repository=acme/web`)
	if code := s.end(); code != 0 {
		t.Errorf("exit %d", code)
	}
}
