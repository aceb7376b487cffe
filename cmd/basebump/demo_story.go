package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github/githubtest"
)

// story tells what basebump does in five acts, each a few lines, while it does it.
type story struct {
	world *demoWorld
	out   io.Writer
	act   int
	live  bot.Progress
}

func (s *story) tell(ctx context.Context) error {
	for _, act := range []func(context.Context) error{s.tagMoves, s.cycleFinds, s.pullRequest, s.nothingToDo, s.movesAgain} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) title(text string) {
	s.act++
	fmt.Fprintf(s.out, "\n%s\n", painter(s.out).in("1", fmt.Sprintf("%d. %s", s.act, text)))
}

func (s *story) tagMoves(context.Context) error {
	s.title("A patched image appears")
	if err := s.world.moveTag(); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "   debian:12 now answers %s; %s still builds on %s.\n", bot.ShortDigest(s.world.digests[1]), demoRepository, bot.ShortDigest(s.world.digests[0]))
	fmt.Fprintln(s.out, "   Dockerfile (two stages, one ARG), compose.yaml and a Kubernetes Deployment use it.")
	return nil
}

func (s *story) cycleFinds(ctx context.Context) error {
	s.title("basebump runs a cycle: read, resolve, scan old and new, judge, propose")
	return s.cycle(ctx)
}

func (s *story) pullRequest(context.Context) error {
	s.title("The pull request")
	pulls := s.world.repo.Pulls()
	if len(pulls) != 1 {
		return fmt.Errorf("show the pull request: there are %d", len(pulls))
	}
	fmt.Fprintf(s.out, "   #%d %s\n\n", pulls[0].Number, painter(s.out).in("1", pulls[0].Title))
	showMarkdown(s.out, pulls[0].Body)
	return s.showDiff(pulls[0])
}

func (s *story) nothingToDo(ctx context.Context) error {
	s.title("The next cycle finds nothing to do")
	return s.cycle(ctx)
}

func (s *story) movesAgain(ctx context.Context) error {
	s.title("The tag moves once more: the same pull request follows")
	if err := s.world.moveTag(); err != nil {
		return err
	}
	if err := s.cycle(ctx); err != nil {
		return err
	}
	pulls := s.world.repo.Pulls()
	fmt.Fprintf(s.out, "   %s: #%d %s\n", count(len(pulls), "pull request"), pulls[0].Number, pulls[0].Title)
	return nil
}

// cycle runs one cycle as `basebump run` does and says what it cost.
func (s *story) cycle(ctx context.Context) error {
	began := time.Now()
	s.world.github.ForgetRequests()
	before := s.world.service.registry.Requests()
	s.world.service.progress = s.live
	err := s.world.service.recordedCycle(ctx, func(result bot.Result) { printResult(s.out, result) })
	if err != nil {
		return err
	}
	writes := 0
	for _, request := range s.world.github.Requests() {
		if request.Method != "GET" && !strings.HasSuffix(request.Pattern, "/access_tokens") {
			writes++
		}
	}
	fmt.Fprintf(s.out, "   %.1f s, %s, %s of which %s\n", time.Since(began).Seconds(),
		count(s.world.service.registry.Requests()-before, "registry request"), count(len(s.world.github.Requests()), "GitHub request"), count(writes, "write"))
	return nil
}

func (s *story) showDiff(pull githubtest.Pull) error {
	before, err := s.world.repo.Files(pull.Base)
	if err != nil {
		return err
	}
	after, err := s.world.repo.Files(pull.Head)
	if err != nil {
		return err
	}
	was, is := map[string][]byte{}, map[string][]byte{}
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if string(before[path].Data) != string(after[path].Data) {
			was[path], is[path] = before[path].Data, after[path].Data
		}
	}
	return writeDiff(indented{s.out}, was, is)
}

// indented shifts lines to the right. Each write must hold whole lines.
type indented struct{ io.Writer }

// Write implements io.Writer.
func (w indented) Write(text []byte) (int, error) {
	_, err := io.WriteString(w.Writer, "   "+strings.ReplaceAll(strings.TrimSuffix(string(text), "\n"), "\n", "\n   ")+"\n")
	return len(text), err
}
