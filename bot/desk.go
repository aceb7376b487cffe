package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
)

// What our issues are about.
const (
	SubjectConfig    = "config"
	SubjectDashboard = "dashboard"
)

// Notice is an issue of ours.
type Notice struct {
	Subject string // one word; there is one issue of each
	Title   string
	Body    string // Markdown, within the forge's limit
}

// Posted is a notice as the forge has it.
type Posted struct {
	Number int // 0: there is none, or this repository takes none
	Open   bool
	Body   string // without what the forge keeps beside it
	Text   string // hash of title and body as we wrote them
}

// Board is where a repository's issues are.
type Board interface {
	// Posted returns our issue on a subject: the one of that number, or when it is 0 the one that is found.
	Posted(ctx context.Context, repo Repository, subject string, number int) (Posted, error)
	// Post opens an issue, or with a number writes that one anew and opens it. Where issues are switched off, or not ours to write, it
	// returns 0.
	Post(ctx context.Context, repo Repository, number int, notice Notice, text string) (int, error)
	// Unpost closes an issue with a comment that says why.
	Unpost(ctx context.Context, repo Repository, number int, why string) error
}

// Notes remembers which issues are ours, so that an unchanged one costs no request. Repositories are named OWNER/NAME.
type Notes interface {
	// Note returns what is remembered of a subject; known is false when nothing is.
	Note(ctx context.Context, repository, subject string) (note Note, known bool, err error)
	SaveNote(ctx context.Context, repository, subject string, note Note) error
}

// Note is an issue as we left it.
type Note struct {
	Number int    // 0: there is none
	Text   string // hash of title and body; empty: it is closed by us
}

// Desk keeps the issues of a repository: one for each subject, never doubled.
type Desk struct {
	Board Board
	Notes Notes
}

// Broken tells the repository what is wrong with its own configuration. While that stays the same, nothing more is said, even if a
// person closes the issue.
func (d *Desk) Broken(ctx context.Context, repo Repository, broken *BrokenCustom) error {
	notice := broken.notice()
	text := notice.hash()
	note, _, err := d.Notes.Note(ctx, repo.String(), notice.Subject)
	if err != nil || note.Text == text {
		return err
	}
	posted, err := d.Board.Posted(ctx, repo, notice.Subject, note.Number)
	if err != nil {
		return err
	}
	number := posted.Number
	if posted.Text != text || !posted.Open {
		if number, err = d.Board.Post(ctx, repo, posted.Number, notice, text); err != nil {
			return err
		}
	}
	return d.Notes.SaveNote(ctx, repo.String(), notice.Subject, Note{Number: number, Text: text})
}

// Mended closes what Broken opened. Where nothing is remembered, and there is a configuration, it is looked for once.
func (d *Desk) Mended(ctx context.Context, repo Repository, has bool) error {
	note, known, err := d.Notes.Note(ctx, repo.String(), SubjectConfig)
	if err != nil || known && note.Text == "" || !known && !has {
		return err
	}
	posted, err := d.Board.Posted(ctx, repo, SubjectConfig, note.Number)
	if err != nil {
		return err
	}
	if posted.Open {
		if err := d.Board.Unpost(ctx, repo, posted.Number, mended); err != nil {
			return err
		}
	}
	return d.Notes.SaveNote(ctx, repo.String(), SubjectConfig, Note{Number: posted.Number})
}

// Dashboard returns a repository's dashboard as the forge has it.
func (d *Desk) Dashboard(ctx context.Context, repo Repository) (Posted, error) {
	note, _, err := d.Notes.Note(ctx, repo.String(), SubjectDashboard)
	if err != nil {
		return Posted{}, err
	}
	return d.Board.Posted(ctx, repo, SubjectDashboard, note.Number)
}

// Show brings the dashboard, as Dashboard returned it, up to date. One that a person has closed stays closed, and as it is.
func (d *Desk) Show(ctx context.Context, repo Repository, posted Posted, notice Notice) error {
	note, known, err := d.Notes.Note(ctx, repo.String(), SubjectDashboard)
	if err != nil {
		return err
	}
	text := notice.hash()
	byUs := known && note.Text == ""
	switch {
	case posted.Number != 0 && !posted.Open && !byUs:
		return nil
	case posted.Open && posted.Text == text && len(Ticks(posted.Body)) == 0:
		if note == (Note{posted.Number, text}) {
			return nil
		}
	default:
		if posted.Number, err = d.Board.Post(ctx, repo, posted.Number, notice, text); err != nil {
			return err
		}
	}
	return d.Notes.SaveNote(ctx, repo.String(), SubjectDashboard, Note{posted.Number, text})
}

// Hide closes the dashboard where there is to be none any more.
func (d *Desk) Hide(ctx context.Context, repo Repository) error {
	note, known, err := d.Notes.Note(ctx, repo.String(), SubjectDashboard)
	if err != nil || !known || note.Text == "" {
		return err
	}
	posted, err := d.Board.Posted(ctx, repo, SubjectDashboard, note.Number)
	if err != nil {
		return err
	}
	if posted.Open {
		if err := d.Board.Unpost(ctx, repo, posted.Number, hidden); err != nil {
			return err
		}
	}
	return d.Notes.SaveNote(ctx, repo.String(), SubjectDashboard, Note{Number: posted.Number})
}

// hidden is what is said when a dashboard goes.
const hidden = "`pull_requests.dashboard` is off, so this is not kept up to date any more."

// hash identifies what a notice says.
func (n Notice) hash() string {
	sum := sha256.Sum256([]byte(n.Title + "\x00" + n.Body))
	return hex.EncodeToString(sum[:16])
}
