package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"
)

func newDemo(g *globals) *cobra.Command {
	var once bool
	var addr string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show everything in one process, offline: registry, GitHub, images, advisories, pages",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var pages net.Listener
			if !once { // before the story: an address that is taken is told at once
				var err error
				if pages, err = new(net.ListenConfig).Listen(cmd.Context(), "tcp", addr); err != nil {
					return usage(fmt.Errorf("serve pages: %w; give --addr another address", err))
				}
				defer pages.Close()
			}
			world, err := newDemoWorld(cmd.Context())
			if err != nil {
				return err
			}
			defer world.Close()
			told := &story{world: world, out: g.out, live: g.progress()}
			if err := told.tell(cmd.Context()); err != nil {
				return err
			}
			fmt.Fprintln(g.out, "\nNext: `basebump plan .` in a checkout of yours; it writes nothing.")
			if once {
				return nil
			}
			return world.serve(cmd.Context(), g.out, pages)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "end after the story instead of serving its pages")
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", "`ADDR` to serve the pages on")
	return cmd
}
