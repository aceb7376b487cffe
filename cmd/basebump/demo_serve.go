package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/basebump/basebump/bot/web"
)

// serve shows the pages of the demo's service, and says where its GitHub is, until ctx ends.
func (w *demoWorld) serve(ctx context.Context, out io.Writer, pages net.Listener) error {
	fmt.Fprintf(out, "\nbasebump's pages: http://%s/   the pull request: %s   (Ctrl-C ends)\n", pages.Addr(), w.repo.Pulls()[0].URL)
	return web.Serve(ctx, pages, w.service.pages(nil), w.service.log)
}
