package main

import (
	"os"
	"runtime/debug"
	"slices"
)

// underRace tells whether the race detector is at work, which takes several times the memory.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// raceOptions is what the race detector of a program that a test starts is told. At the end
// of each program it would wait a second for what still runs, and the tests start some
// thousand (https://go.dev/doc/articles/race_detector#Options).
func raceOptions() string { return "GORACE=atexit_sleep_ms=0 " + os.Getenv("GORACE") }
