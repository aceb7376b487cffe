package bot

import (
	"context"
	"fmt"
	"slices"
)

// Other is another updater that looks after a repository's images.
type Other struct {
	Name string `json:"name"`
	File string `json:"file"` // that tells it to
	Line int    `json:"line"`
}

// Updaters recognises other updaters by their files in a repository.
type Updaters struct {
	Files []string // that may configure one
	// Covers says whether such a file makes an updater look after images, and on which line.
	Covers func(path string, data []byte) (name string, line int, ok bool)
}

// find reads those files of a source that are there.
func (u Updaters) find(ctx context.Context, source Source) ([]Other, error) {
	files, err := source.Files(ctx)
	if err != nil && len(files) == 0 {
		return nil, fmt.Errorf("list files: %w", err)
	}
	var found []Other
	for _, file := range files {
		if !slices.Contains(u.Files, file.Path) {
			continue
		}
		data, err := source.Read(ctx, file)
		switch {
		case lasting(err):
			continue
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", file.Path, err)
		}
		if name, line, ok := u.Covers(file.Path, data); ok {
			found = append(found, Other{name, file.Path, line})
		}
	}
	return found, nil
}

// String says it to a person, with what to do.
func (o Other) String() string {
	return fmt.Sprintf("%s looks after images here already (%s:%d); switch that off there, or add %s to have both", o.Name, o.File, o.Line, customFile)
}

// yields says that nothing is proposed, since another updater would propose the same: neither fights the other. A repository that has
// a configuration of ours wants both.
func (p Plan) yields(custom Custom) bool {
	return len(p.Others) > 0 && !custom.Own && !custom.Coexist
}

// yield is what becomes of bumps that are left to another updater.
func (p Plan) yield() []Outcome {
	var outcomes []Outcome
	for _, bump := range p.Bumps {
		outcomes = append(outcomes, Outcome{Action: Yielded, Title: Title([]Bump{bump}), Reason: p.Others[0].String()})
	}
	return outcomes
}
