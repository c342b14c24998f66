// Package clientconf reads how mail programs are set up on this computer, one program,
// one file. It changes nothing, follows no link out of a file except where it says so,
// runs nothing that a file asks for, and keeps passwords out of what it returns.
package clientconf

import (
	"mailmedic/probe/evidence"
)

// Found is one file that was looked at.
type Found struct {
	Program  string            // whose file it is, empty where that cannot be told
	File     string            // its path, the home folder as "~"
	Accounts []evidence.Client // in the order of the file
	Err      error             // why nothing, or not all of it, could be read
}

// Place is where to look. It is filled in by whoever knows the environment.
type Place struct {
	OS      string // as runtime.GOOS
	Home    string
	Config  string // XDG_CONFIG_HOME; empty: ".config" below Home
	AppData string // Windows' APPDATA
}
