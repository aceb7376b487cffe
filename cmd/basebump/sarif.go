package main

import (
	"io"
	"slices"

	"github.com/basebump/basebump/bot"
	"github.com/basebump/basebump/scan"
	"github.com/basebump/basebump/scan/sarif"
)

func writeSARIF(w io.Writer, log sarif.Log) error {
	log.Tool = scan.Tool{Name: "basebump", Version: version}
	return sarif.Write(w, log)
}

// sarif is what the gate found, at each line that names an image; what does not fail the gate is there too, at its own level.
func (g gated) sarif() sarif.Log {
	var log sarif.Log
	for _, image := range g.Images {
		if image.Answer == gateUnscanned {
			log.Failures = append(log.Failures, image.Named.String()+": "+image.Reason)
		}
		log.Results = slices.Concat(log.Results, image.results(image.Failing), image.results(image.Below), image.results(image.Ignored))
	}
	log.Scanners = g.used()
	return log
}

func (i gatedImage) results(found []vulnerability) []sarif.Result {
	files := i.Files
	if len(files) == 0 {
		files = []bot.Place{{}}
	}
	var results []sarif.Result
	for _, place := range files {
		for _, v := range found {
			for _, platform := range v.Platforms {
				results = append(results, sarif.Result{
					Image: bot.ShortName(i.Named.String()), Platform: platform, File: place.File, Line: place.Line, Vulnerability: v.Vulnerability, Ignored: v.Why,
				})
			}
		}
	}
	return results
}

// reportsLog is what was found in one image that no file names.
func reportsLog(image bot.Named, reports []scan.Report) sarif.Log {
	named := gatedImage{Named: image}
	found := append(onAnyPlatform(reports), setAside(reports)...)
	return sarif.Log{Results: named.results(found), Scanners: scan.UsedFor(reports)}
}
