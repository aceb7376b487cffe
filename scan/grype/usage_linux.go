package grype

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// resident returns the memory that a process occupies, in bytes.
func resident(pid int) (int64, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := strings.Fields(string(data))
	if err != nil || len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}

// tick is the unit in which Linux tells processor time, the same on all that Go runs on.
const tick = time.Second / 100

// cpuTime returns the processor time that a process has used in all its threads.
func cpuTime(pid int) (time.Duration, bool) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, after, ok := bytes.Cut(data[bytes.LastIndexByte(data, ')')+1:], []byte(" ")) // its name may hold anything
	fields := strings.Fields(string(after))
	if err != nil || !ok || len(fields) < 13 {
		return 0, false
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, false
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, err == nil
}
