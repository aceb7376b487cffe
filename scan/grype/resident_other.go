//go:build !linux

package grype

// resident is not known here: the soft limit of the worker's own runtime has to do.
func resident(int) (int64, bool) { return 0, false }
