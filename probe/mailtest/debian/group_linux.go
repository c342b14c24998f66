package debian

import (
	"os/exec"
	"syscall"
)

// ownGroup puts a process into a session and group of its own, so that one signal
// reaches it and its children; Postfix insists on the session. The process is told
// to end when the thread that started it ends.
func ownGroup(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid = true
	cmd.SysProcAttr.Pdeathsig = syscall.SIGTERM
}

// runAs starts a process as the user. A server that became the user by itself would lose
// the signal that ends it with its test run (prctl(2), PR_SET_PDEATHSIG).
func runAs(cmd *exec.Cmd, uid, gid int) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// killGroup ends what is left of the group. That nothing is left is the usual case.
func killGroup(leader int) { syscall.Kill(-leader, syscall.SIGKILL) }
