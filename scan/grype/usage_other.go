//go:build !linux

package grype

import "time"

// resident is not known here: the soft limit of the worker's own runtime has to do.
func resident(int) (int64, bool) { return 0, false }

// cpuTime is not known here: the limit of time has to do.
func cpuTime(int) (time.Duration, bool) { return 0, false }
