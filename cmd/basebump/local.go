package main

import (
	"context"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/gitrepo"
)

// localPlan is a folder, what it names, and what would change in it.
type localPlan struct {
	folder   *gitrepo.Folder
	tools    *tools
	snapshot bot.Snapshot
	plan     bot.Plan
}

// Close releases the folder and ends the scanner.
func (l *localPlan) Close() {
	l.tools.Close()
	_ = l.folder.Close() // it was only read, or each write was checked
}

// planFolder is what plan and apply share.
func (g *globals) planFolder(ctx context.Context, args []string, noScan bool) (*localPlan, error) {
	folder, err := openFolder(args)
	if err != nil {
		return nil, err
	}
	tools, err := g.tools(noScan)
	if err != nil {
		return nil, err
	}
	local := &localPlan{folder: folder, tools: tools}
	local.snapshot, local.plan, _, err = bot.Inspect(ctx, folder, tools.planner(), tools.customize)
	if err != nil {
		local.Close()
		return nil, err
	}
	local.plan.Requests.Registry = tools.registry.Requests()
	return local, nil
}
