package github

import (
	"context"
	"sync/atomic"
)

// login is the account that basebump acts as.
type login struct{ known atomic.Pointer[string] }

// KnownLogin returns the account that basebump acts as, such as basebump[bot]; "" before Login has found out.
func (c *Client) KnownLogin() string {
	if known := c.login.known.Load(); known != nil {
		return *known
	}
	return ""
}

// Login returns the account that basebump acts as. It asks GitHub once.
func (c *Client) Login(ctx context.Context) (string, error) {
	if known := c.KnownLogin(); known != "" {
		return known, nil
	}
	found, err := c.findLogin(ctx)
	if err != nil {
		return "", failed("find out", "who basebump is", err)
	}
	c.login.known.Store(&found)
	return found, nil
}

func (c *Client) findLogin(ctx context.Context) (string, error) {
	if c.key != nil {
		app, _, err := c.asApp().Apps.Get(ctx, "")
		return app.GetSlug() + "[bot]", err
	}
	user, _, err := c.single().read.Users.Get(ctx, "")
	return user.GetLogin(), err
}
