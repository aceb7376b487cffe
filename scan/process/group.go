//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// inOwnGroup starts a program in a process group of its own, and has the group killed when its context ends.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// killGroup ends what a program left behind. There may be nothing left.
func killGroup(leader int) { _ = syscall.Kill(-leader, syscall.SIGKILL) }
