package githubtest

import "fmt"

// CheckAnnotation is a remark of a check run on lines of a file.
type CheckAnnotation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn *int   `json:"start_column"`
	EndColumn   *int   `json:"end_column"`
	Level       string `json:"annotation_level"` // notice, warning or failure
	Message     string `json:"message"`
	Title       string `json:"title"`
	RawDetails  string `json:"raw_details"`
}

func (s *Server) listAnnotations(c *call) (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	return each(page(c, run.output.Annotations), func(a CheckAnnotation) object {
		return object{
			"path": a.Path, "start_line": a.StartLine, "end_line": a.EndLine, "start_column": a.StartColumn, "end_column": a.EndColumn,
			"annotation_level": a.Level, "message": a.Message, "title": text(a.Title), "raw_details": text(a.RawDetails),
			"blob_href": c.base + "/" + c.repo.fullName() + "/blob/" + run.suite.head.String() + "/" + a.Path,
		}
	}), nil
}

// rerequestRun asks the App to run the check again: the run is reset and the App told.
func (s *Server) rerequestRun(c *call) (any, error) {
	run, err := c.run()
	if err != nil {
		return nil, err
	}
	s.rerequest(c.repo, run, c.actor())
	return object{}, nil
}

func (s *Server) rerequest(repo *repository, run *checkRun, by *account) {
	run.status, run.conclusion = "queued", ""
	s.emitRun("rerequested", repo, run, by, nil)
}

// concluded tells of a run that is complete, and of the suite when it was the last one.
func (s *Server) concluded(repo *repository, run *checkRun, by *account) {
	if run.status != "completed" {
		return
	}
	s.emitRun("completed", repo, run, by, nil)
	defer s.carryOut(repo)
	if status, _ := repo.suiteState(run.suite); status == "completed" {
		s.emitSuite("completed", repo, run.suite, by)
	}
}

func (s *Server) emitRun(action string, repo *repository, run *checkRun, by *account, extra object) {
	s.emit("check_run", action, repo, by, func(v view) object {
		o := v.checkRun(repo, run)
		o["check_suite"] = v.checkSuite(repo, run.suite)
		payload := object{"check_run": o}
		for name, value := range extra {
			payload[name] = value
		}
		return payload
	})
}

func (v view) checkRun(repo *repository, run *checkRun) object {
	api := fmt.Sprintf("%s/repos/%s/check-runs/%d", v.base, repo.fullName(), run.id)
	page := fmt.Sprintf("%s/%s/runs/%d", v.base, repo.fullName(), run.id)
	details := run.details
	if details == "" {
		details = page
	}
	return object{
		"id": run.id, "node_id": nodeID("CR", run.id), "name": run.name, "head_sha": run.suite.head.String(), "external_id": run.external,
		"url": api, "html_url": page, "details_url": details, "status": run.status, "conclusion": text(run.conclusion),
		"started_at": stamp(run.started), "completed_at": stamp(run.completed), "app": v.app(run.suite.app),
		"check_suite": object{"id": run.suite.id}, "pull_requests": v.pullsWith(repo, run.suite.head),
		"output": object{
			"title": run.output.Title, "summary": run.output.Summary, "text": run.output.Text,
			"annotations_count": len(run.output.Annotations), "annotations_url": api + "/annotations",
		},
	}
}
