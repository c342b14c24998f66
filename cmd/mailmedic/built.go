package main

import (
	"runtime/debug"
	"time"
)

// commit is the moment of the commit that a release was made of: -ldflags "-X main.commit=…".
var commit = ""

// madeAt is a moment before which this program did not exist. A clock that shows an
// earlier one is wrong.
func madeAt() time.Time {
	if t, err := time.Parse(time.RFC3339, commit); err == nil {
		return t
	}
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
					return t
				}
			}
		}
	}
	t, _ := time.Parse(time.DateOnly, knownIssues)
	return t
}
