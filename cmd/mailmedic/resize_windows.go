package main

import "os"

// resizes never tells: Windows has no signal for it. The next time that the seconds are
// counted, the screen is asked anyway.
func resizes() (changed <-chan os.Signal, stop func()) { return nil, func() {} }

// standstills never tells: Windows has no job control.
func standstills() (over <-chan os.Signal, stop func()) { return nil, func() {} }
