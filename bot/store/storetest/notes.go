package storetest

import (
	"testing"

	"github.com/basebump/basebump/bot"
)

func notes(t *testing.T, open Open) {
	s := open(t)
	expect := func(repository, subject string, want bot.Note, wantKnown bool) {
		t.Helper()
		note, known, err := s.Note(t.Context(), repository, subject)
		if err != nil || known != wantKnown {
			t.Fatalf("known: %v, %v", known, err)
		}
		same(t, repository+" "+subject, want, note)
	}
	expect("acme/api", bot.SubjectConfig, bot.Note{}, false)
	for _, note := range []bot.Note{{Number: 7, Text: "abc"}, {Number: 7}, {}} {
		if err := s.SaveNote(t.Context(), "Acme/API", bot.SubjectConfig, note); err != nil {
			t.Fatal(err)
		}
		expect("acme/api", bot.SubjectConfig, note, true)
	}
	expect("acme/api", bot.SubjectDashboard, bot.Note{}, false)
	expect("acme/web", bot.SubjectConfig, bot.Note{}, false)
}
