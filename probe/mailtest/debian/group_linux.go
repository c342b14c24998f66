package debian

import "syscall"

// ownGroup puts a process into a session and group of its own, so that one signal
// reaches it and its children; Postfix insists on the session. The process is told
// to end when the thread that started it ends.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
}

// killGroup ends what is left of the group. That nothing is left is the usual case.
func killGroup(leader int) { syscall.Kill(-leader, syscall.SIGKILL) }
