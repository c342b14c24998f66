//go:build !linux

package debian

import "os/exec"

// ownGroup, runAs and killGroup have nothing to do here: Available says that the servers
// run on Linux only.
func ownGroup(*exec.Cmd) {}

func runAs(*exec.Cmd, int, int) {}

func killGroup(int) {}
