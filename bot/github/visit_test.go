package github_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/bot/github"
	"github.com/basebump/basebump/bot/github/githubtest"
	"github.com/basebump/basebump/dockerfile/manifest"
	"github.com/basebump/basebump/resolver"
	"github.com/basebump/basebump/scan"
)

// digests are builds of debian:12, oldest first.
var digests = [...]string{
	"sha256:0000000000000000000000000000000000000000000000000000000000000000",
	"sha256:1111111100000000000000000000000000000000000000000000000000000000",
	"sha256:2222222200000000000000000000000000000000000000000000000000000000",
}

// images are a registry in which debian:12 answers one of the digests, and a scanner that finds less in each of them.
type images struct {
	now  int // which digest
	more int // flaws found in the oldest besides
	days int // between the scanner's first database and today's
	gone bool
	pin  bool // the policy pins
}

func (i *images) Digest(_ context.Context, _, _ string) (string, error) {
	if i.gone {
		return "", context.DeadlineExceeded
	}
	return digests[i.now], nil
}

func (i *images) Describe(_ context.Context, _, digest string) (resolver.Image, error) {
	return resolver.Image{Digest: digest, Platforms: []resolver.Platform{{Name: "linux/amd64", Digest: digest}}}, nil
}

func (i *images) Outline(ctx context.Context, image, digest string) (resolver.Image, error) {
	return i.Describe(ctx, image, digest)
}

func (i *images) Tags(context.Context, string, ...string) (resolver.TagList, error) {
	return resolver.NewTagList("12"), nil
}

func (i *images) Scan(_ context.Context, target scan.Target) (scan.Report, error) {
	report := scan.Report{Image: target.Image, Digest: target.Digest, Platform: target.Platform, Scanner: scan.Tool{Name: "grype"}, OS: scan.OS{ID: "debian"}}
	report.DatabaseBuilt = time.Date(2026, 11, 1+i.days, 5, 0, 0, 0, time.UTC)
	report.Packages = []scan.Package{{Name: "openssl", Version: target.Digest[7:15], Type: "deb"}}
	for n, digest := range digests {
		if digest == target.Digest {
			for flaw := range len(digests) - n + i.more*(1-min(n, 1)) {
				report.Vulnerabilities = append(report.Vulnerabilities, scan.Vulnerability{ID: fmt.Sprintf("CVE-2026-%d", flaw), Severity: scan.High, Package: "openssl"})
			}
		}
	}
	return report, nil
}

// memory is what a database remembers.
type memory struct {
	open      []bot.Proposal
	elsewhere int
}

func (m *memory) Remembered(context.Context, bot.Repository) ([]bot.Proposal, int, error) {
	return m.open, m.elsewhere, nil
}

// life is acme/web with a reference to the oldest build, in a world where there is a newer one.
type life struct {
	*world
	*images
	*memory
	settings bot.PullRequests
	orders   []bot.Order
	options  []func(*github.Options)
	fault    *githubtest.Fault // that the next visit meets while it proposes
	err      error             // of the last visit
}

func newLife(t *testing.T) *life {
	t.Helper()
	l := &life{
		world: newWorld(t), images: &images{now: 1}, memory: &memory{},
		settings: bot.PullRequests{BranchPrefix: "basebump/", Limit: 10, Labels: []string{"basebump"}, Style: bot.StyleConventional},
	}
	l.push("Dockerfile", "FROM debian:12@"+digests[0]+"\nRUN true\n")
	return l
}

// debianBranch is where debian is proposed.
const debianBranch = "basebump/debian-09e2e185"

// push is a person's commit to the default branch.
func (l *life) push(path, text string) {
	l.t.Helper()
	must(l.repo.Push("main", "ann", "Change "+path, githubtest.Files{path: githubtest.Text(text)}))(l.t)
}

// visit plans and proposes with a client that knows nothing, as after a restart without a database. It returns what became of each
// proposal; what it sent is for expectSent.
func (l *life) visit() []string {
	l.t.Helper()
	client := l.client(l.options...)
	repo := l.target(client)
	snapshot := must(bot.Extract(l.t.Context(), client.Source(repo), nil, manifest.Set{}))(l.t)
	planner := bot.Planner{Resolver: l.images, Scanners: []bot.Scanner{{Name: "grype", Scanner: l.images}}, Now: time.Now, Policy: bot.Policy{Pin: l.pin, Policy: scan.Policy{When: scan.Vulnerable, BlockIntroduced: scan.High}}}
	plan := must(planner.Plan(l.t.Context(), snapshot))(l.t)
	l.ForgetRequests()
	if l.fault != nil {
		defer l.Inject(*l.fault)()
		l.fault = nil
	}
	proposer := bot.Proposer{Forge: client, Memory: l.memory, Settings: l.settings, Orders: l.orders}
	outcomes, err := proposer.Propose(l.t.Context(), repo, snapshot, plan)
	l.err = err
	lines := []string{}
	if err == nil { // as a database does, which believes no more than it is told
		l.memory.open = nil
	}
	for _, o := range outcomes {
		line := string(o.Action)
		if o.Proposal.Number != 0 {
			line = fmt.Sprintf("#%d %s", o.Proposal.Number, line)
		}
		if o.Reason != "" {
			line += ": " + o.Reason
		}
		lines = append(lines, line)
		if o.Proposal.State == bot.Open && o.Action != bot.Obsolete && o.Action != bot.Superseded {
			l.memory.open = append(l.memory.open, o.Proposal)
		}
	}
	return lines
}

// expect visits and asserts what became of the proposals, and by which requests.
func (l *life) expect(want []string, sent ...string) {
	l.t.Helper()
	got := l.visit()
	if l.err != nil {
		l.t.Errorf("error %v", l.err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	l.expectSent(sent...)
}

// rest asserts that nothing is left to do, and that to know it costs one request.
func (l *life) rest(want string) {
	l.t.Helper()
	l.expect([]string{want}, "GET /pulls")
}

// holds asserts what the branch's Dockerfile names.
func (l *life) holds(digest string) {
	l.t.Helper()
	files := must(l.repo.Files(debianBranch))(l.t)
	if got, want := strings.Split(string(files["Dockerfile"].Data), "\n")[0], "FROM debian:12@"+digest; !strings.HasPrefix(got, want) {
		l.t.Errorf("the branch holds %q, want %q", got, want)
	}
}

func (l *life) pull(number int) githubtest.Pull {
	l.t.Helper()
	pulls := l.repo.Pulls()
	if len(pulls) < number {
		l.t.Fatalf("%d pull requests, want %d", len(pulls), number)
	}
	return pulls[number-1]
}
