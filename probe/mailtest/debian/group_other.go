//go:build !linux

package debian

import "syscall"

// ownGroup and killGroup have nothing to do here: Available says that the servers
// run on Linux only.
func ownGroup() *syscall.SysProcAttr { return nil }

func killGroup(int) {}
