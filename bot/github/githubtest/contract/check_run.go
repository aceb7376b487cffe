package contract

import "encoding/json"

// checkRun is what a request, an answer or an entry of a list says about a check run.
type checkRun struct {
	Status     string  `json:"status"`
	Conclusion *string `json:"conclusion"`
}

// checkRuns takes the check runs out of a body, whether it is one or a list.
func checkRuns(body []byte) []checkRun {
	var list struct {
		checkRun
		CheckRuns []checkRun `json:"check_runs"`
	}
	if json.Unmarshal(body, &list) != nil {
		return nil
	}
	return append(list.CheckRuns, list.checkRun)
}
