package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Cycle walks the fleet once. It is idempotent: a second run over the same world writes nothing.
type Cycle struct {
	Fleet     Fleet
	Forge     Forge // nil: plan only
	Planner   *Planner
	Customize Customize
	Store     Store // nil: nothing is remembered
	Talk      *Talk // nil: nobody is listened to
	Desk      *Desk // nil: no issues are kept
	// Social says whether Talk and Desk reach the people of a repository; nil: of every one.
	Social func(Repository) bool
	Report func(Result) // told of each repository as it is done; nil: silent
	// Turn asks for the repository alone until done; one that is refused is left out. Nil: there is nobody else.
	Turn func(Repository) (done func(), ok bool)
	// Planned is when the repository (OWNER/NAME) was planned last, without a failure since; zero: never. Nil: its own
	// schedule is not heeded, and what is open is always asked.
	Planned func(ctx context.Context, repository string) (time.Time, error)
}

// Result is what one cycle did for one repository.
type Result struct {
	Repository Repository
	Plan       Plan
	Outcomes   []Outcome
	Err        error
	Due        time.Time // its own schedule leaves it alone until then: nothing was looked at
}

// Run goes through every watched repository. What fails in one stops neither the others nor the cycle; all failures are returned
// joined, those of one repository with its name.
func (c *Cycle) Run(ctx context.Context) ([]Result, error) {
	var results []Result
	var failures []error
	repositories, err := c.Fleet.Repositories(ctx)
	if err != nil { // the list holds what could be read all the same
		failures = append(failures, fmt.Errorf("list repositories: %w", err))
	}
	for _, repo := range repositories {
		done, ok := c.turn(repo)
		if !ok {
			continue
		}
		result := c.visit(ctx, repo)
		done()
		if ctx.Err() != nil {
			return results, errors.Join(append(failures, ctx.Err())...)
		}
		if result.Err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", repo, result.Err))
		}
		results = append(results, result)
		if c.Report != nil {
			c.Report(result)
		}
	}
	return results, errors.Join(failures...)
}

func (c *Cycle) turn(repo Repository) (done func(), ok bool) {
	if c.Turn == nil {
		return func() {}, true
	}
	return c.Turn(repo)
}

// visit works on one repository and remembers the result, a failure too, unless the cycle was told to end. A cycle that only plans
// remembers nothing: it has not seen what is open.
func (c *Cycle) visit(ctx context.Context, repo Repository) Result {
	result := c.work(ctx, repo)
	if wait, ok := errors.AsType[*notDue](result.Err); ok {
		return Result{Repository: repo, Due: wait.until}
	}
	if c.Store == nil || c.Forge == nil || ctx.Err() != nil {
		return result
	}
	if err := c.Store.SaveResult(ctx, result, c.Planner.Now()); err != nil {
		result.Err = errors.Join(result.Err, fmt.Errorf("save result: %w", err))
	}
	return result
}

// Inspect reads one source and plans it by the operator's planner, under the settings that its own configuration leaves.
func Inspect(ctx context.Context, source Source, planner *Planner, customize Customize) (Snapshot, Plan, Custom, error) {
	snapshot, custom, err := Read(ctx, source, customize)
	if err != nil {
		return Snapshot{}, Plan{}, Custom{}, err
	}
	own := *planner
	own.Policy = custom.Policy
	plan, err := own.Plan(ctx, snapshot)
	if err == nil {
		plan.Others, err = custom.Updaters.find(ctx, source)
	}
	return snapshot, plan, custom, err
}
