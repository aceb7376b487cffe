package main

import (
	"slices"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/config/fault"
	"github.com/basebump/basebump/scan"
)

// gatedScanner is what one scanner says of an image, by itself.
type gatedScanner struct {
	Scanner string      `json:"scanner"`
	Answer  answer      `json:"answer"`
	Reason  string      `json:"reason,omitempty"` // why it is unscanned
	Used    []scan.Used `json:"used,omitempty"`
}

func gatedScannerOf(survey bot.Survey, opinion scan.Opinion) gatedScanner {
	said := gatedScanner{Scanner: survey.Scanner, Answer: gatePassed, Used: scan.UsedFor(survey.Reports)}
	switch {
	case survey.Err != nil:
		said.Answer, said.Reason = gateUnscanned, fault.Text(survey.Err)
	case !opinion.Accepted:
		said.Answer = gateFailed
	}
	return said
}

// by is an error with the name of the scanner, where there are several.
func (i gatedImage) by(survey bot.Survey, err error) string {
	if len(i.Scanners) < 2 {
		return fault.Text(err)
	}
	return survey.Scanner + ": " + fault.Text(err)
}

// used lists the scanners that had a look at anything.
func (g gated) used() []scan.Used {
	var all []scan.Used
	for _, image := range g.Images {
		for _, s := range image.Scanners {
			for _, used := range s.Used {
				if !slices.Contains(all, used) {
					all = append(all, used)
				}
			}
		}
	}
	return all
}
