package resolver

import "context"

// question is what an error message says of a call.
type question struct {
	op      string
	image   string
	suffix  string // ":tag" or "@digest" of the target
	missing string // the error for what the repository does not have
}

// ask finds the image's registry, logs in where that is due, and explains every failure.
func (c *Client) ask(ctx context.Context, q question, call func(*session) error) error {
	e, err := c.endpoint(q.image)
	if err != nil {
		return explain(ctx, q, e, err)
	}
	s, err := c.session(ctx, e)
	if err != nil {
		return explain(ctx, q, e, err)
	}
	if err := call(s); err != nil {
		return explain(ctx, q, e, &refusal{s.as, err})
	}
	return nil
}
