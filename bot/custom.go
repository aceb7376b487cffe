package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/basebump/basebump/dockerfile/manifest"
)

// Custom is how one repository is looked after: the operator's settings, narrowed by the repository's own.
type Custom struct {
	Policy       Policy
	PullRequests PullRequests
	Updaters     Updaters               // how other updaters are recognised; the zero value recognises none
	Coexist      bool                   // propose where another updater looks after images, too
	Dashboard    bool                   // keep an issue that shows what is known of its images
	Own          bool                   // the repository has a configuration of its own
	Schedule     Schedule               // when the repository wants to be looked after; nil: whenever there is a cycle
	Reads        func(path string) bool // whether a file is looked into; nil: all are
	Kinds        manifest.Set           // what files are read as
}

// Customize turns the bytes of a repository's own configuration, nil where it has none, into its settings. It returns an error when the
// configuration is broken: work on that repository stops then.
type Customize func(data []byte) (Custom, error)

// customFile is the path of a repository's own configuration.
const customFile = ".github/basebump.yaml"

// misnamed is what people call it by mistake. To read on without what it says would do what they asked us not to.
const misnamed = ".github/basebump.yml"

// Read finds the references of one source, by the settings that its own configuration leaves.
func Read(ctx context.Context, source Source, customize Customize) (Snapshot, Custom, error) {
	source = &listed{Source: source}
	custom, err := customFor(ctx, source, customize)
	if err != nil {
		return Snapshot{}, Custom{}, err
	}
	snapshot, err := Extract(ctx, source, custom.Reads, custom.Kinds)
	return snapshot, custom, err
}

// customFor reads the repository's own configuration.
func customFor(ctx context.Context, source Source, customize Customize) (Custom, error) {
	files, err := source.Files(ctx)
	if err != nil && len(files) == 0 {
		return Custom{}, fmt.Errorf("list files: %w", err)
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.Path == customFile })
	switch {
	case i < 0 && slices.ContainsFunc(files, func(f File) bool { return f.Path == misnamed }):
		return Custom{}, &BrokenCustom{Misfits: []Misfit{{Message: "it is called " + misnamed + " here; rename it"}}}
	case i < 0:
		return customize(nil)
	}
	data, err := source.Read(ctx, files[i])
	if err != nil {
		return Custom{}, fmt.Errorf("read %s: %w", customFile, err)
	}
	custom, err := customize(data)
	custom.Own = true
	return custom, err
}

// listed is a source whose list of files is asked for once. It is used by one goroutine.
type listed struct {
	Source
	done  bool
	files []File
	err   error
}

// Files implements Source.
func (l *listed) Files(ctx context.Context) ([]File, error) {
	if !l.done {
		l.files, l.err = l.Source.Files(ctx)
		l.done = true
	}
	return l.files, l.err
}
