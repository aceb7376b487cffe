package main

import (
	"context"
	"fmt"
	"io"
)

func (w *demoWorld) serve(ctx context.Context, out io.Writer, addr string) error {
	fmt.Fprintln(out, addr)
	<-ctx.Done()
	return nil
}
